import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import { getSession } from '../../store/sessions/read.ts';
import { seesSession } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { notFound } from './not-found.ts';

/** A session that the caller may see; one that it may not is as if it were not there. */
export async function findSession(deps: Deps, by: Principal, id: string): Promise<Session> {
  const session = await getSession(deps.db, id);
  if (session === undefined || !seesSession(by, session)) throw notFound('session', id);
  return session;
}
