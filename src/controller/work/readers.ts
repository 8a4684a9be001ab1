import type { Task } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { getSession } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';
import { rolesOfActor } from './data-rules.ts';

/**
 * The roles that read what a task came to; nobody's for people. The agent that sent it may not be part of the mesh any
 * more: then another one of the session's role reads it.
 */
export async function findReaders(
  deps: Deps,
  tx: Queryable,
  { source, source_session_id: sessionId }: Task,
): Promise<readonly string[]> {
  const roles = rolesOfActor(deps, source);
  if (roles.length > 0 || sessionId === null) return roles;
  const session = await getSession(tx, sessionId);
  return session === undefined ? [] : [session.role];
}
