import type { Approval, ApprovalDecision } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import {
  closeApproval,
  insertDecision,
  type LockedApproval,
  lockApproval,
} from '../../store/approvals/decide.ts';
import { getApproval } from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import { findReview } from '../../store/tasks/read.ts';
import { seesApproval } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { hideFromRoles } from './data-rules.ts';
import { endReviews, endTask } from './end-task.ts';
import { lockWork } from './lock.ts';
import { notFound } from './not-found.ts';
import { signReceipt } from './receipt.ts';
import { recordRefusal } from './refuse.ts';
import { wakeSession } from './waiting.ts';

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
 * decide is checked here and, for the requester, once more by the database.
 *
 * @throws MeshError not_found, forbidden, approval_closed, conflict (the role has decided otherwise)
 */
export async function decideApproval(deps: Deps, request: DecideApproval): Promise<Approval> {
  const { by, id } = request;
  const approval = await getApproval(deps.db, id);
  if (approval === undefined) throw notFound('approval', id);
  const { task_id: taskId } = approval;
  return recordRefusal(deps, { kind: 'approval.refused', by, subject: `approval:${id}`, taskId }, () => {
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
  await endReview(deps, tx, { approvalId: id, role, comment, actor: by.actor });
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

function requireFourEyes(approval: Approval, by: Principal): void {
  if (approval.requester !== by.actor) return;
  throw new MeshError('forbidden', `${by.actor} asked for this approval, so somebody else must decide it.`);
}

/** The review task of the role has its answer: the decision itself. */
async function endReview(
  deps: Deps,
  tx: Queryable,
  review: { approvalId: string; role: string; comment: string; actor: string },
): Promise<void> {
  const id = await findReview(tx, review.approvalId, review.role);
  const work = id === undefined ? undefined : await lockWork(tx, id);
  if (work === undefined || work.task.finished_at !== null) return;
  const result = { text: review.comment, data: {} };
  await endTask(deps, tx, work, { status: 'completed', outcome: 'done', result, actor: review.actor });
}

/** One rejection settles it; so do the approvals of all who must approve. */
async function settle(deps: Deps, tx: Queryable, id: string, actor: string): Promise<Approval> {
  const approval = (await lockApproval(tx, id)) ?? raise(id);
  const rejected = approval.decisions.some(({ decision }) => decision === 'reject');
  const approved = approval.required.every((role) => approval.decisions.some((made) => made.role === role));
  if (!rejected && !approved) return approval;
  const approvers = approval.decisions.map(({ role, actor: approver }) => ({ role, actor: approver }));
  const closed = await closeApproval(tx, {
    id,
    status: rejected ? 'rejected' : 'approved',
    receipt: rejected ? null : await signReceipt(deps, approval, approvers),
    actor,
  });
  await endReviews(deps, tx, id, `the approval is ${closed.status}`);
  if (closed.session_id !== null)
    await wakeSession(tx, closed.session_id, `approval ${id} is ${closed.status}`);
  return closed;
}

function raise(id: string): never {
  throw notFound('approval', id);
}
