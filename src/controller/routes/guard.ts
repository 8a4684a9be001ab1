import { createRoute, z } from '@hono/zod-openapi';
import { AuditedCall, CallPermit, CallQuery, GuardReport } from '../../core/guard.ts';
import { Name } from '../../core/identity.ts';
import { pageOf } from '../../core/page.ts';
import { RoleMode, SetMode } from '../../core/privacy.ts';
import { listCalls } from '../../store/guard/calls.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answers, answersNothing, createRoutes, SECURED, takes } from '../http/routes.ts';
import { auditCalls } from '../work/audit-calls.ts';
import { listRoleModes, switchMode } from '../work/guard-modes.ts';
import { permitCall } from '../work/permit-call.ts';

const report = createRoute({
  method: 'post',
  path: '/guard/calls',
  summary: 'Audit calls to a model: kinds and counts, never content',
  security: SECURED,
  middleware: requireRight('guard:report'),
  request: takes(GuardReport),
  responses: answersNothing('They are in the log'),
});

const list = createRoute({
  method: 'get',
  path: '/guard/calls',
  summary: 'The audit of calls to models',
  security: SECURED,
  middleware: requireRight('guard:audit'),
  request: { query: CallQuery },
  responses: answers(pageOf(AuditedCall), 'Newest first'),
});

const permit = createRoute({
  method: 'post',
  path: '/guard/permits',
  summary: 'Ask whether the budgets of a role and of its task have room for one call more, and count it',
  security: SECURED,
  middleware: requireRight('guard:permit'),
  request: takes(CallPermit),
  responses: answersNothing('It may be sent'),
});

const modes = createRoute({
  method: 'get',
  path: '/guard/modes',
  summary: 'How the guards treat the calls of each role',
  security: SECURED,
  middleware: requireRight('guard:modes'),
  responses: answers(z.array(RoleMode), 'By role'),
});

const setMode = createRoute({
  method: 'put',
  path: '/guard/modes/{role}',
  summary: 'Switch how the guards treat the calls of a role, as far as its profile allows',
  security: SECURED,
  middleware: requireRight('guard:switch'),
  request: { params: z.object({ role: Name }), ...takes(SetMode) },
  responses: answers(RoleMode, 'In force as soon as the guards have heard of the event'),
});

export function guardRoutes(deps: Deps) {
  return createRoutes()
    .openapi(report, async (c) => {
      await auditCalls(deps, c.get('principal'), c.req.valid('json').calls);
      return c.body(null, 204);
    })
    .openapi(list, async (c) => {
      const { items, next } = await listCalls(deps.db, c.req.valid('query'));
      return c.json({ items: [...items], next }, 200);
    })
    .openapi(permit, async (c) => {
      await permitCall(deps, c.get('principal'), c.req.valid('json'));
      return c.body(null, 204);
    })
    .openapi(modes, async (c) => c.json([...(await listRoleModes(deps, deps.db))], 200))
    .openapi(setMode, async (c) => {
      const { role } = c.req.valid('param');
      return c.json(await switchMode(deps, c.get('principal'), { role, ...c.req.valid('json') }), 200);
    });
}
