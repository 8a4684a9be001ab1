import type { Approval, ApprovalDecision } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { judge, rolesAsked } from '../../core/policy/progress.ts';
import { reviewsWanted } from '../../core/policy/reviews.ts';
import type { Task } from '../../core/task.ts';
import { insertDecision, type LockedApproval, lockApproval } from '../../store/approvals/decide.ts';
import { getApproval, listReviews } from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import { seesApproval } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { advance } from './advance-approval.ts';
import { chooseSeat, requireClaims } from './choose-seat.ts';
import { endApproval, endTask } from './end-task.ts';
import { requireNotHeld } from './hold.ts';
import { requireHolder } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { notFound } from './not-found.ts';
import { requireTool } from './profiles.ts';
import { signReceipt } from './receipt.ts';
import { recordRefusal } from './refuse.ts';
import { drawVeil } from './veil.ts';

export interface DecideApproval {
  readonly by: Principal;
  readonly id: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
  /** The role to decide in; people who have several may choose. */
  readonly role: string | undefined;
}

/**
 * Notes a decision and, once it settles the approval, signs the receipt and wakes the session that asked; else asks
 * those who come next. Who may decide is checked here and, but for their roles, once more by the database.
 *
 * @throws MeshError not_found, forbidden, lease_lost, approval_closed, conflict (others have decided, or a person has paused
 * the review)
 */
export async function decideApproval(deps: Deps, request: DecideApproval): Promise<Approval> {
  const { by, id } = request;
  const approval = await getApproval(deps.db, id);
  if (approval === undefined) throw notFound('approval', id);
  const { task_id: taskId } = approval;
  return recordRefusal(deps, { kind: 'approval.refused', by, subject: `approval:${id}`, taskId }, () => {
    requireTool(deps, by, 'decide_approval');
    // What is not theirs is for people as if it were not there. An agent was told of it, or has guessed.
    if (by.kind === 'user' && !seesApproval(deps, by, approval)) throw notFound('approval', id);
    return deps.db.transaction(async (tx) => {
      const { task } = await lockWork(tx, taskId);
      return decide(deps, tx, request, { approval: (await lockApproval(tx, id)) ?? raise(id), task });
    });
  });
}

async function decide(
  deps: Deps,
  tx: Queryable,
  request: DecideApproval,
  { approval, task }: { approval: LockedApproval; task: Task },
): Promise<Approval> {
  const { by, decision, id } = request;
  const claims = requireClaims(deps, request, approval);
  const earlier = approval.decisions.find(({ actor }) => actor === by.actor);
  if (earlier?.decision === decision && claims.some(({ seat }) => seat.seat === earlier.seat))
    return approval;
  const { seat, role, on_behalf_of } = chooseSeat(approval, by, claims);
  // All who asked or may decide see what the others say.
  const readers = [approval.requester_role, ...rolesAsked(approval.steps)];
  const comment = (await drawVeil(deps, tx, readers, { id: task.id, privileged: approval.privileged })).hide(
    request.comment,
  );
  const made = { seat: seat.seat, role, actor: by.actor, on_behalf_of, decision, comment };
  await insertDecision(tx, { id, ...made });
  const decided = { ...approval, decisions: [...approval.decisions, { ...made, at: approval.at }] };
  await endReview(deps, tx, { approval: decided, role, comment, by });
  return settle(deps, tx, { approval: decided, task, actor: by.actor });
}

/** The review task of the role has its answer, the decision itself, unless an agent of the role must decide beside it. */
async function endReview(
  deps: Deps,
  tx: Queryable,
  { approval, role, comment, by }: { approval: Approval; role: string; comment: string; by: Principal },
): Promise<void> {
  const review = (await listReviews(tx, approval.id)).find(({ target }) => target === role);
  const work = review === undefined ? undefined : await lockWork(tx, review.id);
  if (by.sessionId !== undefined) requireReviewer(work, by);
  if (reviewsWanted(approval).has(role)) return;
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

/** Ends the approval if the decisions settle it; else asks those who come next. */
async function settle(
  deps: Deps,
  tx: Queryable,
  { approval, task, actor }: { approval: Approval; task: Task; actor: string },
): Promise<Approval> {
  const { id } = approval;
  const { verdict, stage } = judge(approval);
  if (verdict === 'rejected') return endApproval(deps, tx, { id, status: 'rejected', actor });
  if (verdict === 'approved') {
    const receipt = await signReceipt(deps, approval);
    return endApproval(deps, tx, { id, status: 'approved', receipt, actor });
  }
  return advance(deps, tx, { approval, task, actor, to: { stage, escalated: approval.escalated } });
}

function raise(id: string): never {
  throw notFound('approval', id);
}
