import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { isTerminal } from '../../core/session.ts';
import { eraseQuestions, isNeededElsewhere } from '../../store/erase/session.ts';
import { deleteSession as storeDelete } from '../../store/sessions/change.ts';
import { lockSession } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';
import { notFound } from './not-found.ts';
import { retentionRules } from './retention.ts';

/**
 * Deletes a session with its history, and what it asked of other conversations if its role keeps its content for a time
 * only: nothing would tell later whose questions they were.
 *
 * @throws MeshError not_found, conflict (it works or waits, or others do who know what is privileged from it)
 */
export function deleteSession(deps: Deps, { actor }: Principal, id: string): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const session = await lockSession(tx, id);
    if (session === undefined) throw notFound('session', id);
    if (session.privileged && (await isNeededElsewhere(tx, id))) {
      throw new MeshError('conflict', `Others still work who know what is privileged from session ${id}.`, {
        hint: 'What they say is compared with it. Delete it when the work that it belongs to has ended.',
      });
    }
    const rule = retentionRules(deps).find(({ role }) => role === session.role);
    if (rule !== undefined && isTerminal(session.status))
      await eraseQuestions(tx, id, { ...rule, contentSeconds: 0 });
    if (await storeDelete(tx, id, actor)) return;
    throw new MeshError(
      'conflict',
      `Session ${id} is ${session.status}; only one that neither works nor waits can be deleted.`,
      { hint: 'Complete or fail it first.', details: { state: session.status } },
    );
  });
}
