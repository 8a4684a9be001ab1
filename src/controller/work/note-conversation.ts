import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import { setConversation } from '../../store/sessions/change.ts';
import type { Deps } from '../deps.ts';
import { requireBoundTo } from './lease.ts';
import { notFound } from './not-found.ts';
import { lockOwnSession } from './own-session.ts';

/**
 * Notes which Goose conversation carries the session that the caller holds.
 *
 * @throws MeshError lease_lost, task_closed, conflict (it has ended), forbidden (the token is not bound to it)
 */
export async function noteConversation(
  { db }: Deps,
  by: Principal,
  id: string,
  conversation: string,
): Promise<Session> {
  const leaseId = requireBoundTo(id, by);
  const holder = { agent: by.name, actor: by.actor, lease_id: leaseId };
  const noted = await setConversation(db, { id, conversation, ...holder });
  if (noted !== undefined) return noted;
  // Says why not.
  await db.transaction((tx) => lockOwnSession(tx, by));
  throw notFound('session', id);
}
