import { createRoute, z } from '@hono/zod-openapi';
import { MeshError } from '../../core/errors.ts';
import { type Client, clientIdOf, TokenResponse } from '../../core/identity.ts';
import { getSession } from '../../store/sessions/read.ts';
import { authenticateClient } from '../auth/clients.ts';
import { issueToken } from '../auth/tokens.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, PUBLIC } from '../http/routes.ts';

const TokenRequest = z.object({
  grant_type: z.literal('client_credentials'),
  client_id: z.string(),
  client_secret: z.string(),
  session_id: z.uuid().optional().describe('Binds the token to one session of the agent that asks'),
  lease_id: z
    .uuid()
    .optional()
    .describe('The lease under which the agent works on that session; the token is worth nothing without it'),
});

const token = createRoute({
  method: 'post',
  path: '/oauth/token',
  summary: 'Get an access token by client credentials (RFC 6749, 4.4)',
  security: PUBLIC,
  request: {
    body: { required: true, content: { 'application/x-www-form-urlencoded': { schema: TokenRequest } } },
  },
  responses: answers(TokenResponse, 'A token that lives for minutes'),
});

const jwks = createRoute({
  method: 'get',
  path: '/.well-known/jwks.json',
  summary: "The public keys of the mesh's tokens and receipts (RFC 7517)",
  security: PUBLIC,
  responses: answers(z.looseObject({ keys: z.array(z.looseObject({ kid: z.string() })) }), 'The keys'),
});

export function oauthRoutes(deps: Deps) {
  return createRoutes()
    .openapi(token, async (c) => {
      const { session_id, lease_id, ...credentials } = c.req.valid('form');
      const client = authenticateClient(deps.config.clients, credentials);
      const session = readBinding(session_id, lease_id);
      if (session !== undefined) await requireOwnSession(deps, client, session.id);
      const access_token = await issueToken(deps, client, session);
      c.header('cache-control', 'no-store');
      return c.json(
        { access_token, token_type: 'Bearer' as const, expires_in: deps.config.token_seconds },
        200,
      );
    })
    .openapi(jwks, (c) => c.json(deps.keys.jwks as { keys: { kid: string }[] }, 200));
}

function readBinding(id: string | undefined, leaseId: string | undefined) {
  if (id === undefined && leaseId === undefined) return undefined;
  if (id !== undefined && leaseId !== undefined) return { id, leaseId };
  throw new MeshError(
    'invalid_request',
    'Expected session_id and lease_id together, found only one of them.',
    {
      hint: 'A claim gives both; without them the token is that of the agent as such.',
    },
  );
}

/**
 * A person or a guard may have the name of an agent, and is not that agent. Whether the lease is the present one is left
 * to whatever the token is used for: after the end of its task a conversation still says its last words.
 */
async function requireOwnSession(deps: Deps, client: Client, id: string): Promise<void> {
  const session = client.kind === 'agent' ? await getSession(deps.db, id) : undefined;
  if (session?.agent === client.name) return;
  throw new MeshError('forbidden', `Session ${id} is not one of ${clientIdOf(client)}.`);
}
