import type { Principal } from '../../core/identity.ts';
import { isTerminal, type Session } from '../../core/session.ts';
import { OutdatedReadError, type Queryable } from '../../store/database.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { findThread } from '../../store/tasks/follow-up.ts';
import { lockTasks } from '../../store/tasks/lock.ts';
import { lockOwnSession } from './own-session.ts';

/** Where a task stands that a session sends. */
export interface OpenThread {
  readonly session: Session;
  readonly parentId: string | null;
  /** The priority of that, which the task inherits. */
  readonly priority: number | undefined;
  /** The session whose conversation is asked, instead of a new one. */
  readonly askedSessionId: string | null;
}

/**
 * Locks the session that sends, and finds what the task belongs to: the follow-up question that the session is
 * answering, else its own task. If the role is asked that waits for just this work, its same conversation is asked.
 *
 * @throws MeshError conflict, lease_lost, forbidden
 */
export async function openThread(
  tx: Queryable,
  by: Principal,
  { sessionId, role }: { readonly sessionId: string; readonly role: string },
): Promise<OpenThread> {
  const thread = await findThread(tx, sessionId, role);
  const askedId = thread?.asked_session_id ?? null;
  if (thread?.follow_up_id != null) await lockFollowUp(tx, thread.follow_up_id);
  // What answers before what waits: who has sent the sender's work waits for the sender, and the sender for others.
  const isLast = thread?.is_senders_sender === true;
  if (askedId !== null && !isLast) await lockLiving(tx, askedId);
  const session = await lockOwnSession(tx, by);
  if (askedId !== null && isLast) await lockLiving(tx, askedId);
  return {
    session,
    parentId: thread?.parent_id ?? session.task_id,
    priority: thread?.priority ?? undefined,
    askedSessionId: askedId,
  };
}

async function lockFollowUp(tx: Queryable, id: string): Promise<void> {
  const [followUp] = await lockTasks(tx, [id]);
  if (followUp?.finished_at !== null) throw new OutdatedReadError(`question ${id} has ended`);
}

async function lockLiving(tx: Queryable, sessionId: string): Promise<void> {
  const session = await lockSession(tx, sessionId);
  if (session === undefined || isTerminal(session.status))
    throw new OutdatedReadError(`session ${sessionId} waits no more`);
}
