import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { APPROVAL_REVIEW, type Task } from '../../core/task.ts';
import { newTraceId } from '../../core/trace.ts';
import { createTask } from '../../store/tasks/create.ts';
import { getTask } from '../../store/tasks/read.ts';
import { seesTask } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { findEarlier } from './earlier-task.ts';
import { notFound } from './not-found.ts';
import { requireRoute } from './targets.ts';

export interface RetryTask {
  readonly by: Principal;
  readonly id: string;
  readonly idempotencyKey: string | undefined;
  readonly traceId: string | undefined;
}

/**
 * Sends a copy of a failed or cancelled task, for the one on whose behalf that was, once for each idempotency key. A
 * deadline is not copied. Nobody waits for the answer but people: the session that had asked has its answer, the failure.
 *
 * @throws MeshError not_found, conflict (it may not be tried again), idempotency_conflict, unknown_role, forbidden (its role
 * does not accept it any more)
 */
export function retryTask(deps: Deps, { by, id, idempotencyKey, traceId }: RetryTask): Promise<Task> {
  return deps.db.transaction(async (tx) => {
    const task = await getTask(tx, id);
    if (task === undefined || !seesTask(by, task)) throw notFound('task', id);
    requireRetryable(task);
    requireRoute(deps, by, task);
    const key = idempotencyKey ?? null;
    const requestHash = `retry of ${id}`;
    const copy = await createTask(tx, {
      ...task,
      source: by.actor,
      source_session_id: null,
      asked_session_id: null,
      addressed_as: null,
      person: null,
      parent_id: null,
      approval_id: null,
      deadline: null,
      retry_of: id,
      trace_id: traceId ?? newTraceId(),
      idempotency_key: key,
      request_hash: requestHash,
    });
    return copy ?? findEarlier(tx, by, { key, requestHash });
  });
}

function requireRetryable({ id, status, type, erased_at }: Task): void {
  if (status !== 'failed' && status !== 'cancelled') {
    throw new MeshError('conflict', `Expected a failed or cancelled task, but task ${id} is ${status}.`, {
      hint: 'Send a new task with `goose-mesh task send`.',
      details: { state: status },
    });
  }
  if (type === APPROVAL_REVIEW) {
    throw new MeshError('conflict', `Task ${id} asks for the decision of an approval that has ended.`, {
      hint: 'Retry the task that the approval is for.',
    });
  }
  if (erased_at !== null) {
    throw new MeshError('conflict', `The content of task ${id} was erased, so nobody could do it again.`, {
      hint: 'Send a new task with `goose-mesh task send`.',
    });
  }
}
