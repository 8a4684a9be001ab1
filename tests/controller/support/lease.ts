import type { TestController } from '../../support/controller.ts';
import type { Work } from './work.ts';

export const beat = ({ agent, task, claim }: Work) => agent.tasks.heartbeat(task.id, claim.lease_id);

/** Every way in which a holder uses its lease. */
export const LEASE_USES = {
  heartbeat: beat,
  complete: ({ agent, task, claim }: Work) =>
    agent.tasks.complete(task.id, claim.lease_id, { text: 'It is done.' }),
  fail: ({ agent, task, claim }: Work) =>
    agent.tasks.fail(task.id, claim.lease_id, { reason: 'I cannot.', retryable: true }),
  turn: ({ agent, task, claim }: Work) =>
    agent.tasks.reportTurn(task.id, { lease_id: claim.lease_id, text: 'It is done.', told: [] }),
} as const;

/** How often a task was put back, and why. */
export function listReleases(mesh: TestController, { task }: Work) {
  return mesh.sql(
    `select data->>'reason' as reason, data->>'attempt' as attempt from events
     where kind = 'task.released' and subject = $1 order by seq`,
    [`task:${task.id}`],
  );
}
