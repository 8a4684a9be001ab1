import type { ApprovalSeat } from '../approval.ts';
import type { PrincipalKind } from '../identity.ts';

/**
 * A place is what a seat and those who may take it have in common, as a text that the database can compare: a role
 * such as `manager`, only the people or agents of one (`manager/human`), or an actor (`user:bob`).
 */
export function placeOf({ role, person, who }: ApprovalSeat): string {
  if (role === null) return person ?? '';
  return who === 'any' ? role : `${role}/${who}`;
}

/** The places that somebody may take. */
export function placesFor(
  kind: PrincipalKind,
  { actor, roles }: { readonly actor: string; readonly roles: readonly string[] },
): readonly string[] {
  const who = kind === 'agent' ? 'agent' : 'human';
  return [...(kind === 'user' ? [actor] : []), ...roles, ...roles.map((role) => `${role}/${who}`)];
}
