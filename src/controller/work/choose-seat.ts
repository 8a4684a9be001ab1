import type { ApprovalSeat } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { openSeats, seatsOf, stateOf } from '../../core/policy/progress.ts';
import type { LockedApproval } from '../../store/approvals/decide.ts';
import type { Deps } from '../deps.ts';
import { claimSeats, type SeatClaim } from './seats.ts';

/** The seats that the caller may take by who they are, whether or not these are open. */
export function requireClaims(
  deps: Deps,
  { by, role }: { readonly by: Principal; readonly role: string | undefined },
  approval: LockedApproval,
): readonly SeatClaim[] {
  const claims = claimSeats(deps, by, approval).filter((claim) => role === undefined || claim.role === role);
  if (claims.length > 0) return claims;
  throw new MeshError(
    'forbidden',
    `The approval is for ${approval.required.join(', ')} to decide, not for ${by.actor}${role === undefined ? '' : ` as ${role}`}.`,
  );
}

/**
 * The seat in which the caller decides: the first of its own that is open, else the first of somebody for whom it
 * stands in.
 *
 * @throws MeshError approval_closed, forbidden (four eyes, or out of turn), conflict (others have decided)
 */
export function chooseSeat(approval: LockedApproval, by: Principal, claims: readonly SeatClaim[]): SeatClaim {
  requirePending(approval);
  requireFourEyes(approval, by);
  return requireOpenSeat(approval, by, claims);
}

function requirePending(approval: LockedApproval): void {
  const status = approval.status === 'pending' && approval.overdue ? 'expired' : approval.status;
  if (status === 'pending') return;
  throw new MeshError('approval_closed', `Approval ${approval.id} is already ${status}.`, {
    details: { state: status },
  });
}

/** Neither who asked decides, nor the one on whose behalf it was asked for, nor anybody twice. */
function requireFourEyes(approval: LockedApproval, { actor }: Principal): void {
  const part = partOf(approval, actor);
  if (part !== undefined)
    throw new MeshError('forbidden', `${actor} ${part}, so somebody else must decide it.`);
}

function partOf({ requester, owner, decisions }: LockedApproval, actor: string): string | undefined {
  if (actor === requester) return 'asked for this approval';
  if (actor === owner) return 'is the one for whom it was asked';
  const made = decisions.find((decision) => decision.actor === actor || decision.on_behalf_of === actor);
  return (
    made && `has decided on this approval already${made.actor === actor ? '' : ` through ${made.actor}`}`
  );
}

function requireOpenSeat(approval: LockedApproval, by: Principal, claims: readonly SeatClaim[]): SeatClaim {
  const open = openSeats(approval);
  const free = claims.filter(({ seat }) => open.some((candidate) => candidate.seat === seat.seat));
  const chosen = free.find(
    ({ on_behalf_of: absent }) => absent === null || partOf(approval, absent) === undefined,
  );
  if (chosen !== undefined) return chosen;
  const [{ on_behalf_of: absent } = { on_behalf_of: null }] = free;
  if (absent !== null) {
    const part = partOf(approval, absent) ?? '';
    throw new MeshError('forbidden', `${absent} ${part}, so ${by.actor} cannot decide it as their deputy.`);
  }
  const roles = [...new Set(claims.map(({ role }) => role))].join(', ');
  if (claims.some(({ seat }) => isWaiting(approval, seat)))
    throw new MeshError(
      'forbidden',
      `It is not for ${roles} to decide yet: ${namesOf(approval)} must first.`,
    );
  throw new MeshError('conflict', `Nothing is left for ${roles} to decide on approval ${approval.id}.`);
}

/** True for a seat whose turn may still come: that of a later step, or of an escalation. */
function isWaiting(approval: LockedApproval, { seat }: ApprovalSeat): boolean {
  return approval.steps.some((step, index) => {
    const state = stateOf(approval, step);
    const isOf = (seats: readonly ApprovalSeat[]) => seats.some((candidate) => candidate.seat === seat);
    if (state === 'waiting') return isOf([...step.seats, ...step.escalate_to]);
    return state === 'open' && isOf(step.escalate_to) && !isOf(seatsOf(approval, step, index));
  });
}

/** Whose decision is awaited now. */
const namesOf = (approval: LockedApproval) =>
  approval.steps
    .filter((step) => stateOf(approval, step) === 'open')
    .map(({ label }) => label)
    .join(' and ');
