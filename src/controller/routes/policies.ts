import { createRoute, z } from '@hono/zod-openapi';
import { PolicyVersion } from '../../core/policy/version.ts';
import { getPolicy } from '../../store/policies.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, SECURED } from '../http/routes.ts';
import { notFound } from '../work/not-found.ts';

const current = createRoute({
  method: 'get',
  path: '/policies/current',
  summary: 'Get the approval policy that is in force',
  security: SECURED,
  middleware: requireRight('policies:read'),
  responses: answers(PolicyVersion, 'The policy, with its version and digest'),
});

const get = createRoute({
  method: 'get',
  path: '/policies/{digest}',
  summary: 'Get an approval policy that is or was in force, as approvals name it',
  security: SECURED,
  middleware: requireRight('policies:read'),
  request: { params: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256') }) },
  responses: answers(PolicyVersion, 'The policy, with its version and digest'),
});

export function policyRoutes(deps: Deps) {
  const read = async (digest: string) =>
    (await getPolicy(deps.db, digest)) ?? Promise.reject(notFound('policy', digest));
  return createRoutes()
    .openapi(current, async (c) => c.json(await read(deps.policy.digest), 200))
    .openapi(get, async (c) => c.json(await read(c.req.valid('param').digest), 200));
}
