import { createRoute, z } from '@hono/zod-openapi';
import { Agent, RegisterAgent } from '../../core/agent.ts';
import { MeshError } from '../../core/errors.ts';
import { Name } from '../../core/identity.ts';
import { PageQuery, pageOf } from '../../core/page.ts';
import { Profile } from '../../core/profile.ts';
import { listAgents } from '../../store/agents.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, SECURED, takes } from '../http/routes.ts';
import { findProfile } from '../work/profiles.ts';
import { registerAgent } from '../work/register-agent.ts';
import { retireAgent } from '../work/retire-agent.ts';

const list = createRoute({
  method: 'get',
  path: '/agents',
  summary: 'The agents that have reported to this mesh',
  security: SECURED,
  middleware: requireRight('agents:read'),
  request: { query: PageQuery },
  responses: answers(pageOf(Agent), 'By name'),
});

const register = createRoute({
  method: 'put',
  path: '/agents/{name}',
  summary: 'Report that an agent is ready, refuses to work, or stops',
  security: SECURED,
  middleware: requireRight('agents:register'),
  request: { params: z.object({ name: Name }), ...takes(RegisterAgent) },
  responses: answers(Agent, 'The agent; work of an earlier instance was given back'),
});

const retire = createRoute({
  method: 'post',
  path: '/agents/{name}/retire',
  summary: 'Declare an agent gone for good: others of its role take over its sessions',
  security: SECURED,
  middleware: requireRight('agents:retire'),
  request: { params: z.object({ name: Name }) },
  responses: answers(Agent, 'The agent; what it held was given back'),
});

const profile = createRoute({
  method: 'get',
  path: '/profiles/{role}',
  summary: 'The profile of a role',
  security: SECURED,
  middleware: requireRight('profiles:read'),
  request: { params: z.object({ role: Name }) },
  responses: answers(Profile, 'The profile'),
});

export function agentRoutes(deps: Deps) {
  return createRoutes()
    .openapi(list, async (c) => {
      const { items, next } = await listAgents(deps.db, c.req.valid('query'));
      return c.json({ items: [...items], next }, 200);
    })
    .openapi(register, async (c) => {
      const { name } = c.req.valid('param');
      return c.json(await registerAgent(deps, c.get('principal'), name, c.req.valid('json')), 200);
    })
    .openapi(retire, async (c) =>
      c.json(await retireAgent(deps, c.get('principal'), c.req.valid('param').name), 200),
    )
    .openapi(profile, (c) => {
      const by = c.get('principal');
      const { role } = c.req.valid('param');
      if (by.kind === 'agent' && !by.roles.includes(role)) {
        throw new MeshError('forbidden', `${by.actor} may not read the profile of ${role}.`);
      }
      return c.json(findProfile(deps, role), 200);
    });
}
