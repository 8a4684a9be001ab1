import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Task, TaskOutcome, TaskResult } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { getSession } from '../../store/sessions/read.ts';
import { releaseTask } from '../../store/tasks/release.ts';
import type { Deps } from '../deps.ts';
import { hideForLog } from './data-rules.ts';
import { endTask } from './end-task.ts';
import { requireLease } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { recordRefusal } from './refuse.ts';

const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 300;

/** An agent completes a task under its lease. */
export function completeTask(
  deps: Deps,
  by: Principal,
  taskId: string,
  completion: { readonly lease_id: string; readonly outcome: TaskOutcome } & TaskResult,
): Promise<Task> {
  const { lease_id, outcome, text, data } = completion;
  const attempt = { kind: 'task.completion_refused', by, subject: `task:${taskId}`, owner: null } as const;
  return recordRefusal(deps, attempt, () =>
    deps.db.transaction(async (tx) => {
      const work = await lockWork(tx, taskId);
      requireLease(work.task, by, lease_id);
      return endTask(deps, tx, work, {
        status: 'completed',
        outcome,
        result: { text, data },
        actor: by.actor,
      });
    }),
  );
}

/** A session completes its own task by a tool. Saying the same again is answered with what already happened. */
export function completeOwnTask(
  deps: Deps,
  by: Principal,
  completion: { readonly outcome: TaskOutcome } & TaskResult,
): Promise<Task> {
  const { outcome, text, data } = completion;
  const attempt = {
    kind: 'task.completion_refused',
    by,
    subject: `session:${by.sessionId ?? ''}`,
    owner: null,
  } as const;
  return recordRefusal(deps, attempt, () =>
    deps.db.transaction(async (tx) => {
      const work = await lockOwnWork(tx, by);
      if (work.task.status === 'completed' && work.task.outcome === outcome) return work.task;
      requireOpen(work);
      return endTask(deps, tx, work, {
        status: 'completed',
        outcome,
        result: { text, data },
        actor: by.actor,
      });
    }),
  );
}

/** An agent gives up a task: for another attempt where that may help, else for good. */
export function failTask(
  deps: Deps,
  by: Principal,
  taskId: string,
  failure: { readonly lease_id: string; readonly reason: string; readonly retryable: boolean },
): Promise<Task> {
  return deps.db.transaction(async (tx) => {
    const work = await lockWork(tx, taskId);
    requireLease(work.task, by, failure.lease_id);
    const retry = failure.retryable ? { afterSeconds: backOff(work.task.attempts) } : undefined;
    return giveUp(deps, tx, work, { reason: failure.reason, actor: by.actor, retry });
  });
}

/** Puts a task back for another attempt, or fails it when none is wanted or left. */
export async function giveUp(
  deps: Deps,
  tx: Queryable,
  work: LockedWork,
  how: {
    readonly reason: string;
    readonly actor: string;
    readonly retry: { readonly afterSeconds: number } | undefined;
  },
): Promise<Task> {
  const { task } = work;
  if (how.retry === undefined)
    return endTask(deps, tx, work, { status: 'failed', reason: how.reason, actor: how.actor });
  if (task.attempts >= task.max_attempts) {
    const reason = `gave up after ${task.attempts} attempts; the last: ${how.reason}`;
    return endTask(deps, tx, work, { status: 'failed', reason, actor: how.actor });
  }
  await releaseTask(tx, {
    id: task.id,
    after_seconds: how.retry.afterSeconds,
    actor: how.actor,
    reason: hideForLog(how.reason),
  });
  return { ...task, status: 'pending' };
}

/** Its owner or an admin calls a task off. */
export function cancelTask(deps: Deps, by: Principal, taskId: string, reason: string): Promise<Task> {
  return deps.db.transaction(async (tx) => {
    const work = await lockWork(tx, taskId);
    if (by.kind !== 'admin' && work.task.owner !== by.actor) {
      throw new MeshError('forbidden', `Task ${taskId} belongs to ${work.task.owner}, not to ${by.actor}.`);
    }
    if (work.task.status === 'cancelled') return work.task;
    requireOpen(work);
    return endTask(deps, tx, work, { status: 'cancelled', reason, actor: by.actor });
  });
}

/** The task of the session that the caller's token is bound to. */
export async function lockOwnWork(tx: Queryable, by: Principal): Promise<LockedWork> {
  const session = by.sessionId === undefined ? undefined : await getSession(tx, by.sessionId);
  if (session?.task_id == null) {
    throw new MeshError('forbidden', 'This needs a token that is bound to a session with a task.');
  }
  return lockWork(tx, session.task_id);
}

export function requireOpen({ task }: LockedWork): void {
  if (task.finished_at === null) return;
  throw new MeshError('task_closed', `Task ${task.id} is already ${task.status}.`, {
    details: { status: task.status },
  });
}

function backOff(attempts: number): number {
  return Math.min(FIRST_RETRY_SECONDS * 2 ** Math.max(0, attempts - 1), LONGEST_RETRY_SECONDS);
}
