import { createRoute } from '@hono/zod-openapi';
import { type GuardCall, GuardReport } from '../../core/guard.ts';
import type { Principal } from '../../core/identity.ts';
import { insertEvents, type NewEvent } from '../../store/events.ts';
import { getSession } from '../../store/sessions/read.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answersNothing, createRoutes, SECURED, takes } from '../http/routes.ts';

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
    const by = c.get('principal');
    const events = await Promise.all(c.req.valid('json').calls.map((call) => toEvent(deps, by, call)));
    await insertEvents(deps.db, events);
    return c.body(null, 204);
  });
}

async function toEvent(deps: Deps, by: Principal, call: GuardCall): Promise<NewEvent> {
  const { id, session_id, trace_id, ...facts } = call;
  const session = session_id === null ? undefined : await getSession(deps.db, session_id);
  return {
    kind: 'guard.called',
    actor: by.actor,
    subject: session_id === null ? `agent:${call.agent}` : `session:${session_id}`,
    owner: session?.owner ?? null,
    trace_id,
    data: facts,
    dedupe_key: id,
  };
}
