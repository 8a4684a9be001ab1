import type { Approval, ApprovalStep } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Demand } from '../../core/policy/compile.ts';
import { placeOf } from '../../core/policy/places.ts';
import {
  allSeats,
  escalatedFromStart,
  nextEscalation,
  openSeats,
  rolesAsked,
} from '../../core/policy/progress.ts';
import type { Task } from '../../core/task.ts';
import { createApproval } from '../../store/approvals/create.ts';
import { findApproval } from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import type { Deps } from '../deps.ts';
import { findDemand } from './demand.ts';
import { requireHolder } from './lease.ts';
import { lockWork } from './lock.ts';
import { requireTool } from './profiles.ts';
import { recordRefusal } from './refuse.ts';
import { bringReviews } from './reviews.ts';
import { drawVeil, originOf } from './veil.ts';

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
  const found = findDemand(deps, task);
  if (found === undefined) throw notNeeded(task);
  const { demand, steps } = found;
  requireSomebody(demand, steps);
  requireSameAmount(task, request.amount);
  const key = request.idempotencyKey === undefined ? null : `${session.id}/${request.idempotencyKey}`;
  const earlier = await findApproval(tx, { taskId, requester: by.actor, key });
  if (earlier !== undefined) return earlier;
  const { policy, digest } = deps.policy;
  const progress = { steps, stage: 0, escalated: [...escalatedFromStart(steps)], decisions: [] };
  const veil = await drawVeil(deps, tx, rolesAsked(steps), originOf(session));
  const approval = await createApproval(tx, {
    task_id: task.id,
    session_id: session.id,
    requester: by.actor,
    requester_role: task.target,
    owner: task.owner,
    amount: task.amount,
    currency: task.currency,
    reason: veil.hide(reason),
    policy: `v${policy.version}/${demand.id}`,
    policy_digest: digest,
    required: steps.map(({ label }) => label),
    steps,
    asked: distinct(allSeats(steps).map(placeOf)),
    open_to: distinct(openSeats(progress).map(placeOf)),
    escalated: progress.escalated,
    due_hours: nextEscalation(progress)?.hours ?? null,
    idempotency_key: key,
    trace_id: task.trace_id,
    valid_hours: Math.min(
      ...demand.rules.map(({ valid_for_hours: hours }) => hours ?? policy.valid_for_hours),
    ),
  });
  await bringReviews(deps, tx, approval, task);
  return approval;
}

const distinct = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

/** Somebody at the top of the org chart has no manager; then only an escalation can decide. */
function requireSomebody({ id }: Demand, steps: readonly ApprovalStep[]): void {
  const vacant = steps.find(({ need, seats, escalate_to }) => seats.length + escalate_to.length < need);
  if (vacant === undefined) return;
  throw new MeshError(
    'conflict',
    `Rule ${id} wants the approval of ${vacant.label}, and the org chart names nobody for it.`,
    { hint: 'Complete the task as declined, and tell who asked that nobody can approve it.' },
  );
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
