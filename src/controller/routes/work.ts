import { createRoute } from '@hono/zod-openapi';
import { MeshError } from '../../core/errors.ts';
import {
  Claim,
  ClaimRequest,
  CompleteTask,
  FailTask,
  Heartbeat,
  Task,
  TurnReport,
  TurnVerdict,
} from '../../core/task.ts';
import { requireRight } from '../auth/authenticate.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, IdParam, SECURED, takes } from '../http/routes.ts';
import { claimWork } from '../work/claim-task.ts';
import { endTurn } from '../work/end-turn.ts';
import { completeTask, failTask } from '../work/finish-task.ts';
import { keepLease } from '../work/lease.ts';

const claim = createRoute({
  method: 'post',
  path: '/tasks/claim',
  summary: 'Wait for the next task of the own role and take it',
  security: SECURED,
  middleware: requireRight('tasks:work'),
  request: takes(ClaimRequest),
  responses: {
    ...answers(Claim, 'A task, with its session and lease'),
    204: { description: 'None came in time' },
  },
});

const heartbeat = createRoute({
  method: 'post',
  path: '/tasks/{id}/heartbeat',
  summary: 'Keep the lease of a task, and hear at once of its loss',
  security: SECURED,
  middleware: requireRight('tasks:work'),
  request: { params: IdParam, ...takes(Heartbeat) },
  responses: answers(Task, 'The task; 409 lease_lost: drop the work'),
});

const complete = createRoute({
  method: 'post',
  path: '/tasks/{id}/complete',
  summary: 'Complete a leased task',
  security: SECURED,
  middleware: requireRight('tasks:work'),
  request: { params: IdParam, ...takes(CompleteTask) },
  responses: answers(Task, 'The completed task'),
});

const fail = createRoute({
  method: 'post',
  path: '/tasks/{id}/fail',
  summary: 'Give up a leased task, for another attempt or for good',
  security: SECURED,
  middleware: requireRight('tasks:work'),
  request: { params: IdParam, ...takes(FailTask) },
  responses: answers(Task, 'The task: pending again, or failed'),
});

const turn = createRoute({
  method: 'post',
  path: '/tasks/{id}/turn',
  summary: 'Report that a turn of the conversation has ended, and learn what comes next',
  security: SECURED,
  middleware: requireRight('tasks:work'),
  request: { params: IdParam, ...takes(TurnReport) },
  responses: answers(TurnVerdict, 'Stop, wait, or go on'),
});

/** What agents do with tasks. */
export function workRoutes(deps: Deps) {
  return createRoutes()
    .openapi(claim, async (c) => {
      const by = c.get('principal');
      const [role] = by.roles;
      if (role === undefined)
        throw new MeshError('forbidden', `${by.actor} has no role whose tasks it could take.`);
      const { claim_id, wait_ms } = c.req.valid('json');
      const work = await claimWork(deps, {
        by,
        role,
        claimId: claim_id,
        waitMs: wait_ms,
        signal: c.req.raw.signal,
      });
      return work === undefined ? c.body(null, 204) : c.json(work, 200);
    })
    .openapi(heartbeat, async (c) => {
      const { lease_id: leaseId, wait_ms: waitMs } = c.req.valid('json');
      const { id: taskId } = c.req.valid('param');
      const { signal } = c.req.raw;
      const task = await keepLease(deps, { by: c.get('principal'), taskId, leaseId, waitMs, signal });
      return c.json(task, 200);
    })
    .openapi(complete, async (c) =>
      c.json(await completeTask(deps, c.get('principal'), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(fail, async (c) =>
      c.json(await failTask(deps, c.get('principal'), c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(turn, async (c) =>
      c.json(await endTurn(deps, c.get('principal'), c.req.valid('param').id, c.req.valid('json')), 200),
    );
}
