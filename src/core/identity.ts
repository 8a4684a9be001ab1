import { z } from 'zod';

export const PRINCIPAL_KINDS = ['admin', 'user', 'agent', 'guard'] as const;
export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

/** Lower-case name of a mesh, role, agent or user; safe in file names, host names and labels. */
export const Name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: 'lower-case letters, digits and hyphens, at most 63, neither first nor last a hyphen',
});

/** Who is calling, as the token says. */
export interface Principal {
  readonly kind: PrincipalKind;
  /** How the log names the caller, such as `agent:finance` or `user:alice`. */
  readonly actor: string;
  readonly name: string;
  /** The roles the caller may act in: an agent has one, a person those of mesh.yaml, an admin and a guard none. */
  readonly roles: readonly string[];
  /** The session that the token is bound to; set only in tokens for one Goose conversation. */
  readonly sessionId?: string;
  /** The lease of that session's task under which the agent got the token: its fencing token. */
  readonly leaseId?: string;
}

/** The claims of an access token beside the registered ones of RFC 7519. */
export const TokenClaims = z.object({
  sub: z.string(),
  kind: z.enum(PRINCIPAL_KINDS),
  roles: z.array(z.string()),
  sid: z.string().optional(),
  lease_id: z.string().optional(),
});
export type TokenClaims = z.infer<typeof TokenClaims>;

/** `typ` of access tokens (RFC 9068). */
export const TOKEN_TYPE = 'at+jwt';
export const AUDIENCE = 'goose-mesh';
export const issuerOf = (mesh: string): string => `goose-mesh:${mesh}`;

export function actorOf(kind: PrincipalKind, name: string): string {
  return kind === 'admin' ? `user:${name}` : `${kind}:${name}`;
}

export function principalOf(claims: TokenClaims): Principal {
  return {
    kind: claims.kind,
    name: claims.sub,
    actor: actorOf(claims.kind, claims.sub),
    roles: claims.roles,
    ...(claims.sid === undefined ? {} : { sessionId: claims.sid }),
    ...(claims.lease_id === undefined ? {} : { leaseId: claims.lease_id }),
  };
}

/** A client that may ask the token endpoint for tokens. Only the digest of its secret is kept. */
export const Client = z.strictObject({
  name: Name,
  kind: z.enum(PRINCIPAL_KINDS),
  roles: z.array(Name).default([]),
  secret_sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Client = z.infer<typeof Client>;

/** The `client_id` of a client: its actor, so that a user and an agent may share a name. */
export const clientIdOf = (client: { kind: PrincipalKind; name: string }): string =>
  actorOf(client.kind, client.name);

export const Credentials = z.strictObject({ client_id: z.string(), client_secret: z.string() });
export type Credentials = z.infer<typeof Credentials>;

export const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds'),
});
