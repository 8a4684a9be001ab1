import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { isTerminal, type Session } from '../../core/session.ts';
import type { Queryable } from '../../store/database.ts';
import { getSession, lockHeldSession } from '../../store/sessions/read.ts';
import { requireHolder } from './lease.ts';

/** The session that the caller's token is bound to: the one in which a model calls its tools. */

/** Its task. Throws `forbidden` where there is none. */
export async function findOwnTask(db: Queryable, by: Principal): Promise<string> {
  const session = by.sessionId === undefined ? undefined : await getSession(db, by.sessionId);
  return session?.task_id ?? raise();
}

/**
 * Locks it, for what it asks or tells others. Locked, so that a model which calls a tool twice at once finds its twin,
 * and so that the lease stays what it is until the transaction ends.
 *
 * @throws MeshError conflict (it has ended, and could not hear an answer), lease_lost, forbidden (there is none)
 */
export async function lockOwnSession(tx: Queryable, by: Principal): Promise<Session> {
  const { sessionId = raise() } = by;
  const { session, holding } = (await lockHeldSession(tx, sessionId)) ?? {};
  if (session === undefined || holding === undefined || isTerminal(session.status)) {
    throw new MeshError(
      'conflict',
      `Session ${sessionId} is ${session?.status ?? 'deleted'} and can ask nothing more.`,
    );
  }
  requireHolder(holding, by);
  return session;
}

function raise(): never {
  throw new MeshError('forbidden', 'This needs a token that is bound to a session with a task.');
}
