import type { Session } from '../../core/session.ts';
import type { Queryable } from '../../store/database.ts';
import { removeMetadata } from '../../store/sessions/change.ts';

/**
 * A session that another agent has taken over tells it what was asked and answered before, with every claim until a turn
 * of the new conversation has ended: whatever crashes before that, it is not lost.
 */

const TAKEN_OVER = 'taken_over';

export function isTakenOver({ fsm_metadata }: Session): boolean {
  return fsm_metadata[TAKEN_OVER] === true;
}

/** The new conversation knows all now. */
export async function noteTakenOver(tx: Queryable, session: Session): Promise<void> {
  if (isTakenOver(session)) await removeMetadata(tx, session.id, TAKEN_OVER);
}
