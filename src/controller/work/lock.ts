import type { Session } from '../../core/session.ts';
import { lockApproval } from '../../store/approvals/decide.ts';
import { OutdatedReadError, type Queryable } from '../../store/database.ts';
import { lockSessions } from '../../store/sessions/read.ts';
import { findPlace, type LockedTask, lockTasks } from '../../store/tasks/lock.ts';
import { notFound } from './not-found.ts';

export interface LockedWork {
  readonly task: LockedTask;
  readonly session: Session | undefined;
  /** The open work beneath the task, which ends with it: the deepest first. */
  readonly below: readonly Omit<LockedWork, 'below'>[];
}

/**
 * Locks a task with its session, and all open work beneath it. So that no two operations wait for each other in a
 * circle, everybody locks in one order:
 *
 * 1. what answers before what waits for the answer: a child before its parent, the deepest first;
 * 2. of one task its session before itself; tasks that have no session yet before all sessions, since their end
 *    locks nothing but the session that waits for them;
 * 3. what asks for an approval before what is asked: a task (and what is beneath it) before its approval, the approval
 *    before its reviews (and what is beneath them).
 *
 * Nobody can add work beneath a task whose session is locked. What was added before that, but after this looked for it,
 * makes the transaction begin anew; so does a session that a task has got meanwhile, before anything is locked in the
 * order of a task that has none.
 *
 * All locks are FOR NO KEY UPDATE: they keep out each other, but not the foreign keys of rows that refer to the locked
 * one, which PostgreSQL checks in an order that is not ours.
 */
export async function lockWork(tx: Queryable, taskId: string): Promise<LockedWork> {
  const place = (await findPlace(tx, taskId)) ?? raise(taskId);
  if (place.parent_id !== null && place.approval_id !== null) {
    // A review: if it ends undecided, so does its approval, and the session that asked is woken.
    await lockWork(tx, place.parent_id);
    await lockApproval(tx, place.approval_id);
  }
  const wanted = [...place.below, { id: taskId, session_id: place.session_id }];
  const early = wanted.flatMap(({ id, session_id }) => (session_id === null ? [id] : [])).sort();
  const sessionIds = wanted.flatMap(({ session_id }) => session_id ?? []);
  const late = wanted.flatMap(({ id, session_id }) => (session_id === null ? [] : [id]));
  // Sent together, done one after the other.
  const [first, sessions, last] = await Promise.all([
    early.length === 0 ? [] : lockTasks(tx, early),
    sessionIds.length === 0 ? [] : lockSessions(tx, sessionIds, early),
    late.length === 0 ? [] : lockTasks(tx, late, early),
  ]);
  for (const { id, session_id } of first) if (session_id !== null) throw hasGotSession(id);
  const tasks = [...first, ...last];
  const locked = wanted.map(({ id, session_id }) => {
    const task = tasks.find((candidate) => candidate.id === id) ?? raise(id);
    return { task, session: sessions.find((candidate) => candidate.id === session_id) };
  });
  const own = locked.pop() ?? raise(taskId);
  const below = locked.filter(({ task }) => task.finished_at === null);
  for (const { task, session } of [...below, own]) requireSame(task, session, wanted);
  return { ...own, below };
}

/** A claim may have given a task its session in between, and a session may have sent a task that is not locked. */
function requireSame(
  task: LockedTask,
  session: Session | undefined,
  wanted: readonly { readonly id: string }[],
): void {
  if (task.session_id !== (session?.id ?? null)) throw hasGotSession(task.id);
  const added = task.below.find((id) => !wanted.some((known) => known.id === id));
  if (added !== undefined) throw new OutdatedReadError(`task ${added} was added beneath ${task.id}`);
}

function hasGotSession(taskId: string): OutdatedReadError {
  return new OutdatedReadError(`task ${taskId} has got a session`);
}

function raise(taskId: string): never {
  throw notFound('task', taskId);
}
