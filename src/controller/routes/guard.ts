import { createRoute } from '@hono/zod-openapi';
import { type GuardCall, GuardReport } from '../../core/guard.ts';
import type { Principal } from '../../core/identity.ts';
import { insertEvents, type NewEvent } from '../../store/events.ts';
import { listOwners } from '../../store/sessions/read.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answersNothing, createRoutes, SECURED, takes } from '../http/routes.ts';
import { hideForLog } from '../work/data-rules.ts';

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
    const { calls } = c.req.valid('json');
    const owners = await listOwners(
      deps.db,
      calls.flatMap(({ session_id }) => session_id ?? []),
    );
    await insertEvents(
      deps.db,
      calls.map((call) => toEvent(by, call, owners)),
    );
    return c.body(null, 204);
  });
}

function toEvent(by: Principal, call: GuardCall, owners: ReadonlyMap<string, string>): NewEvent {
  const { id, session_id, trace_id, ...facts } = call;
  return {
    kind: 'guard.called',
    actor: by.actor,
    subject: session_id === null ? `agent:${call.agent}` : `session:${session_id}`,
    owner: owners.get(session_id ?? '') ?? null,
    trace_id,
    data: { ...facts, model: hideForLog(facts.model) },
    dedupe_key: id,
  };
}
