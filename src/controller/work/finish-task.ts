import { isMeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Task } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { getTask } from '../../store/tasks/read.ts';
import { releaseTask } from '../../store/tasks/release.ts';
import { seesTask } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { type Completion, completeTogether } from './complete-together.ts';
import { endTask } from './end-task.ts';
import { completeFollowUp, requireNothingAsked } from './follow-up.ts';
import { holdBack, holderOf } from './hold.ts';
import { requireHolder, requireLease, requireOpen } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { reasonForLog, workOf } from './log-text.ts';
import { notFound } from './not-found.ts';
import { findOwnTask } from './own-session.ts';
import { noteRefusal, recordRefusal } from './refuse.ts';

const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 300;

/** An agent completes a task under its lease. Throws `conflict` while a person holds the session. */
export async function completeTask(
  deps: Deps,
  by: Principal,
  taskId: string,
  completion: Completion & { readonly lease_id: string },
): Promise<Task> {
  const completed = await completeTogether(deps, { by, taskId, completion });
  if (completed !== undefined) return completed;
  return complete(deps, by, taskId, completion, ({ task }) => {
    requireLease(task, by, completion.lease_id);
    return undefined;
  });
}

/**
 * A session completes its own task by a tool, or a follow-up question that it was asked. Saying the same again is
 * answered with what already happened. Throws `conflict` while a person holds the session.
 */
export async function completeOwnTask(
  deps: Deps,
  by: Principal,
  { task_id: wantedId, ...completion }: Completion & { readonly task_id: string | undefined },
): Promise<Task> {
  const taskId = await findOwnTask(deps.db, by);
  if (wantedId !== undefined && wantedId !== taskId) {
    const attempt = { kind: 'task.completion_refused', by, subject: `task:${wantedId}`, taskId } as const;
    return recordRefusal(deps, attempt, () =>
      completeFollowUp(deps, by, { taskId, id: wantedId, ...completion }),
    );
  }
  return complete(deps, by, taskId, completion, (work) => {
    const { task } = work;
    if (task.status === 'completed' && task.outcome === completion.outcome) return task;
    requireHolder(task, by);
    if (wantedId === undefined) requireNothingAsked(work);
    return undefined;
  });
}

/** `check` throws for those who may not complete the task, and gives it if there is nothing left to do. */
function complete(
  deps: Deps,
  by: Principal,
  taskId: string,
  { outcome, text, data, attachments }: Completion,
  check: (work: LockedWork) => Task | undefined,
): Promise<Task> {
  const attempt = { kind: 'task.completion_refused', by, subject: `task:${taskId}`, taskId } as const;
  return recordRefusal(deps, attempt, async () => {
    const ended = await deps.db.transaction(async (tx) => {
      const work = await lockWork(tx, taskId);
      const end = {
        status: 'completed',
        outcome,
        result: { text, data, attachments },
        actor: by.actor,
      } as const;
      return check(work) ?? (await holdBack(tx, work.session)) ?? endTask(deps, tx, work, end);
    });
    if (!isMeshError(ended)) return ended;
    // Thrown only now, so that the note of what was held back is not rolled back.
    await noteRefusal(deps, attempt, ended);
    throw ended;
  });
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

/**
 * Puts a task back for another attempt, or fails it when none is wanted or left. While a person holds the session
 * nobody but a person ends it, so the task is put back in any case, and tried once more when the person resumes.
 */
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
  const { task, session } = work;
  const isHeld = session !== undefined && holderOf(session) !== undefined;
  if (how.retry === undefined && !isHeld)
    return endTask(deps, tx, work, { status: 'failed', reason: how.reason, actor: how.actor });
  if (task.attempts >= task.max_attempts && !isHeld) {
    const reason = `gave up after ${task.attempts} attempts; the last: ${how.reason}`;
    return endTask(deps, tx, work, { status: 'failed', reason, isDeadLetter: true, actor: how.actor });
  }
  return releaseTask(tx, {
    id: task.id,
    after_seconds: how.retry?.afterSeconds ?? 0,
    actor: how.actor,
    reason: reasonForLog(deps, session ?? workOf(task), how),
  });
}

/** Its owner or an admin calls a task off. */
export function cancelTask(deps: Deps, by: Principal, taskId: string, reason: string): Promise<Task> {
  return deps.db.transaction(async (tx) => {
    const work = await lockWork(tx, taskId);
    if (!seesTask(by, work.task)) throw notFound('task', taskId);
    if (work.task.status === 'cancelled') return (await getTask(tx, taskId)) ?? work.task;
    requireOpen(work.task);
    return endTask(deps, tx, work, { status: 'cancelled', reason, actor: by.actor });
  });
}

function backOff(attempts: number): number {
  return Math.min(FIRST_RETRY_SECONDS * 2 ** Math.max(0, attempts - 1), LONGEST_RETRY_SECONDS);
}
