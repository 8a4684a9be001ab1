import { MeshError } from '../../core/errors.ts';
import type { Session } from '../../core/session.ts';

/** The entity tag of a session (RFC 9110, 8.8.3): another one after every change, of whatever kind. */
export function etagOf({ revision }: Session): string {
  return `"${revision}"`;
}

/**
 * Refuses to change a session that is no longer as its caller has read it; the caller of this holds its lock.
 * Undefined: the caller does not mind.
 *
 * @throws MeshError conflict, with the current state
 */
export function requireMatch(session: Session, tags: readonly string[] | undefined): void {
  const found = etagOf(session);
  if (tags === undefined || tags.includes(found)) return;
  const { id, status, version, revision } = session;
  throw new MeshError(
    'conflict',
    `Session ${id} has changed since it was read: If-Match expects ${tags.join(' or ')}, but it is ${status} with ETag ${found}.`,
    { hint: 'Read it again and decide anew.', details: { state: status, version, revision } },
  );
}
