import type { Approval } from '../approval.ts';
import { openSeats } from './progress.ts';

/**
 * The roles whose agents may decide now, each with the seat that brings it to them: one review for each role. A role
 * whose agent has decided is not asked again, since nobody decides twice.
 */
export function reviewsWanted(approval: Approval): ReadonlyMap<string, number> {
  const done = approval.decisions.filter(({ actor }) => actor.startsWith('agent:')).map(({ role }) => role);
  const wanted = new Map<string, number>();
  for (const { role, who, seat } of openSeats(approval)) {
    if (role !== null && who !== 'human' && !done.includes(role) && !wanted.has(role)) wanted.set(role, seat);
  }
  return wanted;
}
