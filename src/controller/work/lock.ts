import type { Session } from '../../core/session.ts';
import { lockApproval } from '../../store/approvals/decide.ts';
import { OutdatedReadError, type Queryable } from '../../store/database.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { getTask } from '../../store/tasks/read.ts';
import { type LockedTask, lockTask } from '../../store/tasks/release.ts';
import { notFound } from './not-found.ts';

export interface LockedWork {
  readonly task: LockedTask;
  readonly session: Session | undefined;
}

/**
 * Locks a task and its session: always the session first, then the task. What asks goes before what is asked: a task
 * before its approval, the approval before its reviews; and what answers before what waits for the answer: a child
 * before its parent. So no two operations wait for each other in a circle.
 *
 * All locks are FOR NO KEY UPDATE: they keep out each other, but not the foreign keys of rows that refer to the locked
 * one, which PostgreSQL checks in an order that is not ours.
 */
export async function lockWork(tx: Queryable, taskId: string): Promise<LockedWork> {
  const { session_id, parent_id, approval_id } = (await getTask(tx, taskId)) ?? raise(taskId);
  if (parent_id !== null && approval_id !== null) {
    // A review: if it ends undecided, so does its approval, and the session that asked is woken.
    await lockWork(tx, parent_id);
    await lockApproval(tx, approval_id);
  }
  const session = session_id === null ? undefined : await lockSession(tx, session_id);
  const task = (await lockTask(tx, taskId)) ?? raise(taskId);
  if (task.session_id === (session?.id ?? null)) return { task, session };
  // A claim has given the task its session in between. To lock it now, after the task, would be the wrong order.
  throw new OutdatedReadError(`task ${taskId} has got a session`);
}

function raise(taskId: string): never {
  throw notFound('task', taskId);
}
