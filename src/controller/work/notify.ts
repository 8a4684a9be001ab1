import type { Principal } from '../../core/identity.ts';
import { createNotification } from '../../store/notifications.ts';
import type { Deps } from '../deps.ts';
import { findAddress } from './address.ts';
import { digestOf } from './digest.ts';
import { lockOwnSession } from './own-session.ts';
import { recordRefusal } from './refuse.ts';
import { requireTarget } from './targets.ts';
import { drawVeil, originOf } from './veil.ts';

export interface SendNotification {
  readonly by: Principal;
  readonly target: string;
  readonly text: string;
}

/**
 * Leaves a message in the inbox of a role, and tells which role it was. A session that says the same to the same role
 * again has forgotten in a crash that it has said so: it is said once.
 *
 * @throws MeshError unknown_role, forbidden, lease_lost
 */
export function sendNotification(deps: Deps, notification: SendNotification): Promise<string> {
  const { by, target, text } = notification;
  const attempt = { kind: 'task.refused', by, subject: `role:${target}` } as const;
  return recordRefusal(deps, attempt, async () => {
    const { role } = await findAddress(deps, by, target);
    requireTarget(deps, by, role);
    await deps.db.transaction(async (tx) => {
      const session = await lockOwnSession(tx, by);
      const veil = await drawVeil(deps, tx, [role], originOf(session));
      await createNotification(tx, {
        source: by.actor,
        target: role,
        text: veil.hide(text),
        task_id: session.task_id,
        privileged: session.privileged,
        idempotency_key: `${session.id}/${digestOf(deps, [role, text])}`,
        trace_id: session.trace_id,
        owner: session.owner,
      });
    });
    return role;
  });
}
