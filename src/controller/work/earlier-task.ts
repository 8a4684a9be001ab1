import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Task } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { findTaskByKey } from '../../store/tasks/create.ts';

/**
 * Why a task was not stored: its key has made one before. The same request is answered with that, another one is refused.
 *
 * @throws MeshError idempotency_conflict, invalid_request (there is no such task, so its deadline has passed)
 */
export async function findEarlier(
  tx: Queryable,
  by: Principal,
  { key, requestHash }: { readonly key: string | null; readonly requestHash: string },
): Promise<Task> {
  const earlier = key === null ? undefined : await findTaskByKey(tx, by.actor, key);
  if (earlier === undefined) throw tooLate();
  if (earlier.request_hash === requestHash) return earlier.task;
  throw new MeshError(
    'idempotency_conflict',
    `The key was used for another request, which made task ${earlier.task.id}.`,
    {
      hint: 'Use a new Idempotency-Key for a new request.',
      details: { task_id: earlier.task.id },
    },
  );
}

function tooLate(): MeshError {
  return new MeshError(
    'invalid_request',
    'Expected a deadline in the future by the clock of the database, found one that has passed.',
    { hint: 'Work that is handed on has the deadline of its own task, if that comes first.' },
  );
}
