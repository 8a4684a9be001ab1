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
 * Locks a task and its session: always the session first, then the task. What asks goes before what is asked: a task
 * before its approval, the approval before its reviews; and what answers before what waits for the answer: a child
 * before its parent. So no two operations wait for each other in a circle.
 */
export async function lockWork(tx: Queryable, taskId: string): Promise<LockedWork> {
  for (;;) {
    const { session_id } = (await getTask(tx, taskId)) ?? raise(taskId);
    const session = session_id === null ? undefined : await lockSession(tx, session_id);
    const task = (await lockTask(tx, taskId)) ?? raise(taskId);
    // A claim may have given the task its session between the two.
    if (task.session_id === (session?.id ?? null)) return { task, session };
  }
}

function raise(taskId: string): never {
  throw notFound('task', taskId);
}
