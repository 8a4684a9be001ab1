import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import type { Queryable } from '../../store/database.ts';
import { mergeMetadata, removeMetadata } from '../../store/sessions/change.ts';

/** A person's pause is stronger than anything an agent does: only a person ends it. */

/** The person who paused the session; undefined if nobody did, whatever it waits for. */
export function holderOf(session: Session): string | undefined {
  const holder = session.fsm_metadata['paused_by'];
  return typeof holder === 'string' ? holder : undefined;
}

/** Throws `conflict` for an agent that would end what a person has paused. */
export function requireNotHeld(session: Session | undefined, by: Principal): void {
  const holder = session === undefined ? undefined : holderOf(session);
  if (session !== undefined && holder !== undefined && by.kind === 'agent') throw isHeld(session, holder);
}

/**
 * Gives the refusal of an agent's result while a person holds the session, and notes that there was one. The model may
 * believe afterwards that it has said all, and what it says then must not be taken for the result.
 */
export async function holdBack(tx: Queryable, session: Session | undefined): Promise<MeshError | undefined> {
  const holder = session === undefined ? undefined : holderOf(session);
  if (session === undefined || holder === undefined) return undefined;
  await mergeMetadata(tx, session.id, { [HELD_BACK]: true });
  return isHeld(session, holder);
}

/** True once for a result that was held back. */
export async function takeHeldBack(tx: Queryable, session: Session): Promise<boolean> {
  if (session.fsm_metadata[HELD_BACK] !== true) return false;
  await removeMetadata(tx, session.id, HELD_BACK);
  return true;
}

const HELD_BACK = 'held_back';

function isHeld(session: Session, holder: string): MeshError {
  return new MeshError('conflict', `Session ${session.id} was paused by ${holder}, so it cannot end now.`, {
    hint: 'End your turn now. You are told to go on when it is resumed; then do this again.',
    details: { paused_by: holder },
  });
}
