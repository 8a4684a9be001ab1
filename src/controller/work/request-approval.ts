import type { Approval } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { approversBeside, findApprovalRule, type PolicyDecision } from '../../core/policy.ts';
import { APPROVAL_REVIEW, type Task } from '../../core/task.ts';
import { createApproval } from '../../store/approvals/create.ts';
import { findApproval } from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import { createTask } from '../../store/tasks/create.ts';
import type { Deps } from '../deps.ts';
import { hideFromRoles } from './data-rules.ts';
import { requireHolder } from './lease.ts';
import { lockWork } from './lock.ts';
import { requireTool } from './profiles.ts';
import { recordRefusal } from './refuse.ts';

export interface RequestApproval {
  readonly by: Principal;
  readonly taskId: string;
  readonly reason: string;
  /** What the caller believes the amount to be; it must be the task's. */
  readonly amount: number | undefined;
  readonly idempotencyKey: string | undefined;
}

/**
 * Asks for the approval that policy demands for the caller's task. Policy names the approvers; the request brings
 * a review task to each of them. A request that is open or still unspent is not made twice.
 *
 * @throws MeshError forbidden, conflict (no approval is needed), invalid_request (another amount), task_closed, lease_lost
 */
export function requestApproval(deps: Deps, request: RequestApproval): Promise<Approval> {
  const { by, taskId } = request;
  const attempt = { kind: 'approval.refused', by, subject: `task:${taskId}`, taskId } as const;
  return recordRefusal(deps, attempt, () => {
    requireTool(deps, by, 'request_approval');
    return deps.db.transaction((tx) => storeRequest(deps, tx, request));
  });
}

async function storeRequest(deps: Deps, tx: Queryable, request: RequestApproval): Promise<Approval> {
  const { by, taskId, reason } = request;
  const { task, session } = await lockWork(tx, taskId);
  if (session === undefined || session.id !== by.sessionId) {
    throw new MeshError(
      'forbidden',
      `Only the session that works on task ${taskId} may ask for its approval.`,
    );
  }
  requireHolder(task, by);
  const rule = findApprovalRule(deps.config.approvals, task);
  const required = rule === undefined ? [] : approversBeside(rule, task.target);
  if (rule === undefined || required.length === 0) throw notNeeded(task);
  requireSameAmount(task, request.amount);
  const key = request.idempotencyKey === undefined ? null : `${session.id}/${request.idempotencyKey}`;
  const earlier = await findApproval(tx, { taskId, requester: by.actor, key });
  if (earlier !== undefined) return earlier;
  const approval = await createApproval(tx, {
    task_id: task.id,
    session_id: session.id,
    requester: by.actor,
    requester_role: task.target,
    owner: task.owner,
    amount: task.amount,
    currency: task.currency,
    reason: hideFromRoles(deps, required, reason),
    policy: `v${deps.config.approvals.version}/${rule.rule}`,
    required,
    idempotency_key: key,
    trace_id: task.trace_id,
    valid_hours: deps.config.approvals.valid_for_hours,
  });
  for (const role of required) await createReview(tx, { approval, task, rule, role });
  return approval;
}

/** Brings the request to an agent of the role as work, so that it arrives without anybody asking for it. */
async function createReview(
  tx: Queryable,
  { approval, task, rule, role }: { approval: Approval; task: Task; rule: PolicyDecision; role: string },
): Promise<void> {
  await createTask(tx, {
    type: APPROVAL_REVIEW,
    source: approval.requester,
    source_session_id: null,
    owner: task.owner,
    target: role,
    addressed_as: null,
    person: null,
    description: [
      `${approval.requester_role} asks for your approval, as rule ${rule.rule} demands.`,
      `Decide with decide_approval: approval_id ${approval.id}, decision approve or reject, and a comment.`,
      '',
      approval.reason,
    ].join('\n'),
    data: { approval_id: approval.id, task_type: task.type, requester: approval.requester },
    amount: approval.amount,
    currency: approval.currency,
    priority: task.priority,
    wait: 'all',
    parent_id: task.id,
    approval_id: approval.id,
    trace_id: task.trace_id,
    idempotency_key: `review/${approval.id}/${role}`,
    request_hash: approval.id,
  });
}

function requireSameAmount(task: Task, amount: number | undefined): void {
  if (amount === undefined || amount === task.amount) return;
  throw new MeshError(
    'invalid_request',
    `The task is about ${task.amount ?? 'no amount'}, but the request says ${amount}.`,
    {
      hint: 'An approval is bound to the amount of its task; ask for exactly that.',
    },
  );
}

function notNeeded(task: Task): MeshError {
  return new MeshError('conflict', `Task ${task.id} needs no approval under the policy of this mesh.`, {
    hint: 'Go on and complete it.',
  });
}
