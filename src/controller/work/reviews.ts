import type { Approval } from '../../core/approval.ts';
import { reviewsWanted } from '../../core/policy/reviews.ts';
import { APPROVAL_REVIEW, type Task } from '../../core/task.ts';
import { listReviews } from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import { createTask } from '../../store/tasks/create.ts';
import type { Deps } from '../deps.ts';
import { endReviews } from './end-task.ts';

/**
 * Brings an approval as work to an agent of each role that may decide it now, so that it arrives without anybody
 * asking for it, and takes it from those who need not decide any more. People see theirs in their list.
 */
export async function bringReviews(deps: Deps, tx: Queryable, approval: Approval, task: Task): Promise<void> {
  const wanted = reviewsWanted(approval);
  const open = await listReviews(tx, approval.id);
  await endReviews(deps, tx, approval.id, {
    reason: `approval ${approval.id} does not need it any more`,
    isWanted: (role) => wanted.has(role),
  });
  for (const [role, seat] of wanted) {
    if (!open.some(({ target }) => target === role)) await createReview(tx, { approval, task, role, seat });
  }
}

async function createReview(
  tx: Queryable,
  { approval, task, role, seat }: { approval: Approval; task: Task; role: string; seat: number },
): Promise<void> {
  const rule = approval.steps.find((step) =>
    [...step.seats, ...step.escalate_to].some((candidate) => candidate.seat === seat),
  )?.rule;
  await createTask(tx, {
    type: APPROVAL_REVIEW,
    source: approval.requester,
    source_session_id: null,
    asked_session_id: null,
    owner: task.owner,
    target: role,
    addressed_as: null,
    person: null,
    description: [
      `${approval.requester_role} asks for your approval, as rule ${rule ?? approval.policy} demands.`,
      `Decide with decide_approval: approval_id ${approval.id}, decision approve or reject, and a comment.`,
      '',
      approval.reason,
    ].join('\n'),
    data: { approval_id: approval.id, task_type: task.type, requester: approval.requester },
    amount: approval.amount,
    currency: approval.currency,
    priority: task.priority,
    wait: 'all',
    privileged: approval.privileged,
    parent_id: task.id,
    approval_id: approval.id,
    trace_id: task.trace_id,
    idempotency_key: `review/${approval.id}/${seat}`,
    request_hash: approval.id,
  });
}
