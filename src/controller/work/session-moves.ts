import { MeshError } from '../../core/errors.ts';
import { nextSessionState, type Session, type SessionEvent } from '../../core/session.ts';
import type { Queryable } from '../../store/database.ts';
import { type TransitionSession, transitionSession } from '../../store/sessions/transition.ts';

/** Moves a session by an event that must be possible; the caller holds its lock and knows its state. */
export async function moveSession(tx: Queryable, move: TransitionSession): Promise<Session> {
  const transition = await transitionSession(tx, move);
  if (transition?.to_state === null || transition === undefined) {
    throw new MeshError('internal', `Session ${move.id} refused ${move.event} inside an operation.`);
  }
  return transition.session;
}

/**
 * Brings a session to its end when its task ends. The machine has no way from pending or paused to an end, so
 * the session is first made active; each step has its line of history.
 */
export async function closeSession(
  tx: Queryable,
  session: Session,
  by: { readonly event: 'complete' | 'fail'; readonly actor: string; readonly reason: string | null },
): Promise<void> {
  const towards: Partial<Record<Session['status'], SessionEvent>> = { pending: 'activate', paused: 'resume' };
  const first = towards[session.status];
  const steps = first === undefined ? [by.event] : [first, by.event];
  if (first === undefined && nextSessionState(session.status, by.event) === undefined) return;
  // Sent together, done one after the other.
  await Promise.all(
    steps.map((event) => moveSession(tx, { id: session.id, event, actor: by.actor, reason: by.reason })),
  );
}
