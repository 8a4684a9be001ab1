import type { Session } from '../../core/session.ts';
import type { Queryable } from '../../store/database.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { getTask } from '../../store/tasks/read.ts';
import { type LockedTask, lockTask } from '../../store/tasks/release.ts';
import { notFound } from '../http/routes.ts';

export interface LockedWork {
  readonly task: LockedTask;
  readonly session: Session | undefined;
}

/**
 * Locks a task and its session: always the session first, then the task, and a child before its parent, so that
 * two operations never wait for each other in a circle.
 */
export async function lockWork(tx: Queryable, taskId: string): Promise<LockedWork> {
  const { session_id } = (await getTask(tx, taskId)) ?? raise(taskId);
  const session = session_id === null ? undefined : await lockSession(tx, session_id);
  const task = (await lockTask(tx, taskId)) ?? raise(taskId);
  return { task, session };
}

function raise(taskId: string): never {
  throw notFound('task', taskId);
}
