import type { Approval, ApprovalDecision } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { insertDecision, type LockedApproval, lockApproval } from '../../store/approvals/decide.ts';
import { getApproval } from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import { findReview } from '../../store/tasks/read.ts';
import { seesApproval } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { hideFromRoles } from './data-rules.ts';
import { endApproval, endTask } from './end-task.ts';
import { requireNotHeld } from './hold.ts';
import { requireHolder } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { notFound } from './not-found.ts';
import { requireTool } from './profiles.ts';
import { signReceipt } from './receipt.ts';
import { recordRefusal } from './refuse.ts';

export interface DecideApproval {
  readonly by: Principal;
  readonly id: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
  /** The role to decide in; needed from people who have several. */
  readonly role: string | undefined;
}

/**
 * Notes a decision and, once it settles the approval, signs the receipt and wakes the session that asked. Who may
 * decide is checked here and, for requester and owner, once more by the database.
 *
 * @throws MeshError not_found, forbidden, lease_lost, approval_closed, conflict (the role has decided otherwise, or a person has
 * paused the review)
 */
export async function decideApproval(deps: Deps, request: DecideApproval): Promise<Approval> {
  const { by, id } = request;
  const approval = await getApproval(deps.db, id);
  if (approval === undefined) throw notFound('approval', id);
  const { task_id: taskId } = approval;
  return recordRefusal(deps, { kind: 'approval.refused', by, subject: `approval:${id}`, taskId }, () => {
    requireTool(deps, by, 'decide_approval');
    // What is not theirs is for people as if it were not there. An agent was told of it, or has guessed.
    if (by.kind === 'user' && !seesApproval(by, approval)) throw notFound('approval', id);
    return deps.db.transaction(async (tx) => {
      await lockWork(tx, taskId);
      return decide(deps, tx, request, (await lockApproval(tx, id)) ?? raise(id));
    });
  });
}

async function decide(
  deps: Deps,
  tx: Queryable,
  request: DecideApproval,
  approval: LockedApproval,
): Promise<Approval> {
  const { by, decision, id } = request;
  const role = roleOf(request, approval);
  const earlier = approval.decisions.find((candidate) => candidate.role === role);
  if (earlier !== undefined && earlier.actor === by.actor && earlier.decision === decision) return approval;
  requireUndecided(approval, role);
  requireFourEyes(approval, by);
  const comment = hideFromRoles(deps, [approval.requester_role], request.comment);
  await insertDecision(tx, { id, role, actor: by.actor, decision, comment });
  await endReview(deps, tx, { approvalId: id, role, comment, by });
  return settle(deps, tx, id, by.actor);
}

function roleOf({ by, role }: DecideApproval, { required, decisions }: Approval): string {
  const own = required.filter((candidate) => by.kind === 'admin' || by.roles.includes(candidate));
  const open = own.find((candidate) => !decisions.some((made) => made.role === candidate));
  const wanted = role ?? open ?? own[0];
  if (wanted !== undefined && own.includes(wanted)) return wanted;
  throw new MeshError(
    'forbidden',
    `The approval is for ${required.join(', ')} to decide, not for ${by.actor}.`,
  );
}

function requireUndecided(approval: LockedApproval, role: string): void {
  const status = approval.status === 'pending' && approval.overdue ? 'expired' : approval.status;
  if (status !== 'pending') {
    throw new MeshError('approval_closed', `Approval ${approval.id} is already ${status}.`, {
      details: { state: status },
    });
  }
  if (approval.decisions.some((decision) => decision.role === role)) {
    throw new MeshError('conflict', `${role} has already decided on approval ${approval.id}.`);
  }
}

/** Neither who asked decides, nor the one on whose behalf it was asked for. */
function requireFourEyes({ requester, owner }: LockedApproval, { actor }: Principal): void {
  if (actor !== requester && actor !== owner) return;
  const part = actor === requester ? 'asked for this approval' : 'is the one for whom it was asked';
  throw new MeshError('forbidden', `${actor} ${part}, so somebody else must decide it.`);
}

/** The review task of the role has its answer: the decision itself. */
async function endReview(
  deps: Deps,
  tx: Queryable,
  { approvalId, role, comment, by }: { approvalId: string; role: string; comment: string; by: Principal },
): Promise<void> {
  const id = await findReview(tx, approvalId, role);
  const work = id === undefined ? undefined : await lockWork(tx, id);
  if (by.sessionId !== undefined) requireReviewer(work, by);
  if (work === undefined || work.task.finished_at !== null) return;
  requireNotHeld(work.session, by);
  const result = { text: comment, data: {} };
  await endTask(deps, tx, work, { status: 'completed', outcome: 'done', result, actor: by.actor });
}

/** A session decides what was brought to it, and while it holds that: another agent may have the review by now. */
function requireReviewer(review: LockedWork | undefined, by: Principal): void {
  if (review?.session !== undefined && review.session.id === by.sessionId) {
    requireHolder(review.task, by);
    return;
  }
  throw new MeshError('forbidden', 'This request for approval was not brought to you as your present task.', {
    hint: 'Who shall decide it is brought it as a task.',
  });
}

/** One rejection settles it; so do the approvals of all who must approve. */
async function settle(deps: Deps, tx: Queryable, id: string, actor: string): Promise<Approval> {
  const approval = (await lockApproval(tx, id)) ?? raise(id);
  const rejected = approval.decisions.some(({ decision }) => decision === 'reject');
  const approved = approval.required.every((role) => approval.decisions.some((made) => made.role === role));
  if (!rejected && !approved) return approval;
  const approvers = approval.decisions.map(({ role, actor: approver }) => ({ role, actor: approver }));
  return endApproval(deps, tx, {
    id,
    ...(rejected
      ? { status: 'rejected' }
      : { status: 'approved', receipt: await signReceipt(deps, approval, approvers) }),
    actor,
  });
}

function raise(id: string): never {
  throw notFound('approval', id);
}
