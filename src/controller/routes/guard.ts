import { createRoute } from '@hono/zod-openapi';
import { GuardReport } from '../../core/guard.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answersNothing, createRoutes, SECURED, takes } from '../http/routes.ts';
import { auditCalls } from '../work/audit-calls.ts';

const report = createRoute({
  method: 'post',
  path: '/guard/calls',
  summary: 'Audit calls to a model: kinds and counts, never content',
  security: SECURED,
  middleware: requireRight('guard:report'),
  request: takes(GuardReport),
  responses: answersNothing('They are in the log'),
});

export function guardRoutes(deps: Deps) {
  return createRoutes().openapi(report, async (c) => {
    await auditCalls(deps, c.get('principal'), c.req.valid('json').calls);
    return c.body(null, 204);
  });
}
