import type { Approval } from '../../core/approval.ts';
import { MeshError } from '../../core/errors.ts';
import { outcomeNeedsApproval } from '../../core/policy/compile.ts';
import { canBeMet, openSeats } from '../../core/policy/progress.ts';
import { reviewsWanted } from '../../core/policy/reviews.ts';
import { requireFittingData } from '../../core/result-schema.ts';
import { APPROVAL_REVIEW, type GivenResult, type Task, type TaskOutcome } from '../../core/task.ts';
import {
  type CloseApproval,
  closeApproval,
  lockApproval,
  useApproval,
} from '../../store/approvals/decide.ts';
import {
  getApproval,
  listLostReviews,
  listReviews,
  lockPendingApprovals,
} from '../../store/approvals/read.ts';
import type { Queryable } from '../../store/database.ts';
import { getSession } from '../../store/sessions/read.ts';
import { type FinishTask, finishTask } from '../../store/tasks/finish.ts';
import type { Deps } from '../deps.ts';
import { hideForLog } from './data-rules.ts';
import { findDemand } from './demand.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { reasonForLog, workOf } from './log-text.ts';
import { findReaders } from './readers.ts';
import { closeSession } from './session-moves.ts';
import { drawVeil, hideInAttachments } from './veil.ts';
import { wakeSession } from './waiting.ts';

export type TaskEnd =
  | { readonly status: 'completed'; readonly outcome: TaskOutcome; readonly result: GivenResult }
  | {
      readonly status: 'failed' | 'cancelled';
      readonly reason: string;
      /** It failed after all its attempts. */
      readonly isDeadLetter?: boolean;
    };

/**
 * Ends a task, whoever asks and however: checks that policy allows the outcome, ends the session, withdraws what
 * was still being asked, cancels the work beneath it, and wakes the session that waits for the answer. All in the
 * caller's transaction.
 *
 * @throws MeshError approval_required, invalid_result, conflict (a review that decided nothing)
 */
export async function endTask(
  deps: Deps,
  tx: Queryable,
  work: LockedWork,
  end: TaskEnd & { readonly actor: string },
): Promise<Task> {
  const { task, below } = work;
  if (end.status === 'completed') requireResult(task, end);
  if (end.status === 'completed') await requirePermission(deps, tx, task, end.outcome, end.actor);
  const finished = await finish(deps, tx, work, end);
  const reason = `task ${task.id}, to which this belongs, is ${finished.status}`;
  for (const child of below.toReversed())
    await finish(deps, tx, child, { status: 'cancelled', reason, actor: 'controller' });
  await withdrawReviewed(deps, tx, finished, end);
  await wakeAskers(tx, work, `task ${task.id} is ${finished.status}`);
  return finished;
}

/** Ends one task with its session and its approvals. */
async function finish(
  deps: Deps,
  tx: Queryable,
  { task, session }: Pick<LockedWork, 'task' | 'session'>,
  end: TaskEnd & { readonly actor: string },
): Promise<Task> {
  const finished = await describeEnd(deps, tx, { task, session }, end);
  const event = end.status === 'completed' ? 'complete' : 'fail';
  const { actor, logged_reason: reason } = finished;
  // Sent together, done one after the other.
  const [ended] = await Promise.all([
    finishTask(tx, finished),
    session === undefined ? undefined : closeSession(tx, session, { event, actor, reason }),
  ]);
  if (task.has_requests) await withdrawApprovals(deps, tx, task, actor);
  return ended;
}

/** What is stored of the end of a task, as far as its readers and the log may know it. */
export async function describeEnd(
  deps: Deps,
  tx: Queryable,
  { task, session }: Pick<LockedWork, 'task' | 'session'>,
  end: TaskEnd & { readonly actor: string },
): Promise<FinishTask> {
  // A question that was asked back is answered by the conversation that was asked.
  const asked = task.asked_session_id === null ? undefined : await getSession(tx, task.asked_session_id);
  const privileged = task.privileged || (session ?? asked)?.privileged === true;
  const readers = await findReaders(deps, tx, task);
  const veil = await drawVeil(deps, tx, readers, { id: task.id, privileged });
  const known = { id: task.id, status: end.status, privileged, actor: end.actor };
  if (end.status === 'completed') {
    const { text, data, attachments = [] } = end.result;
    const result = {
      text: veil.hide(text),
      data: veil.hideJson(data),
      attachments: hideInAttachments(veil, attachments),
    };
    return { ...known, outcome: end.outcome, result, failure: null, logged_reason: null, dead_letter: false };
  }
  return {
    ...known,
    outcome: null,
    result: null,
    failure: veil.hide(hideForLog(end.reason)),
    logged_reason: reasonForLog(deps, { role: task.target, privileged }, end),
    dead_letter: end.isDeadLetter === true,
  };
}

/** Everybody who waits for something that has ended, but those who have ended with it. The task's own sender first. */
async function wakeAskers(
  tx: Queryable,
  { task, session, below }: LockedWork,
  reason: string,
): Promise<void> {
  const ended = new Set([session?.id, ...below.map((child) => child.session?.id)]);
  const askers = new Set([task, ...below.map((child) => child.task)].map((asked) => asked.source_session_id));
  for (const asker of askers) {
    if (asker !== null && !ended.has(asker)) await wakeSession(tx, asker, reason);
  }
}

/** Who declines has no result. */
function requireResult(
  { id, result_schema: schema }: Task,
  { outcome, result }: Extract<TaskEnd, { status: 'completed' }>,
): void {
  if (schema !== null && outcome !== 'declined') requireFittingData(schema, result.data, id);
}

async function requirePermission(
  deps: Deps,
  tx: Queryable,
  task: Task,
  outcome: TaskOutcome,
  actor: string,
): Promise<void> {
  if (task.type === APPROVAL_REVIEW) return requireDecision(tx, task);
  const found = outcomeNeedsApproval(outcome) ? findDemand(deps, task) : undefined;
  if (found === undefined) return;
  const approvalId = await useApproval(tx, { taskId: task.id, amount: task.amount, actor });
  if (approvalId !== undefined) return;
  const rule = found.demand.id;
  const approvers = found.steps.map(({ label }) => label);
  const what = task.amount === null ? 'this task' : `${task.amount} ${task.currency ?? ''}`;
  throw new MeshError(
    'approval_required',
    `Rule ${rule} wants the approval of ${approvers.join(' and ')} for ${what}, and there is none that is valid and unused.`,
    {
      hint: 'Call request_approval and end your turn; go on when the answer arrives. An outcome of declined needs none.',
      details: { rule, approvers, amount: task.amount },
    },
  );
}

/** The answer to an approval request is a decision, not a text about one. */
async function requireDecision(tx: Queryable, task: Task): Promise<void> {
  const approval = task.approval_id === null ? undefined : await getApproval(tx, task.approval_id);
  if (approval?.status !== 'pending' || !reviewsWanted(approval).has(task.target)) return;
  throw new MeshError(
    'conflict',
    `Approval ${approval.id} is still waiting for the decision of ${task.target}.`,
    {
      hint: 'Call decide_approval with your decision and a comment.',
    },
  );
}

/** Nobody needs to decide on a task that has ended. */
async function withdrawApprovals(deps: Deps, tx: Queryable, task: Task, actor: string): Promise<void> {
  for (const { id } of await lockPendingApprovals(tx, task.id)) {
    await endApproval(deps, tx, { id, status: 'withdrawn', reason: `task ${task.id} has ended`, actor });
  }
}

/**
 * A review that ends without its decision leaves nobody of its role who was asked to decide. Unless others can still
 * meet what is asked, the request ends with it: who asked learns that at once, and not when the request expires, and
 * can ask again.
 */
async function withdrawReviewed(
  deps: Deps,
  tx: Queryable,
  review: Task,
  end: TaskEnd & { readonly actor: string },
): Promise<void> {
  if (review.approval_id === null || end.status === 'completed') return;
  const approval = await lockApproval(tx, review.approval_id);
  if (approval?.status !== 'pending' || (await canDoWithout(tx, approval))) return;
  const reason = `the review by ${review.target} ended as ${review.status}: ${reasonForLog(deps, workOf(review), end)}`;
  await endApproval(deps, tx, { id: approval.id, status: 'withdrawn', reason, actor: end.actor });
}

/** Gives an approval its end, spares those who need not decide any more, and wakes the session that asked. */
export async function endApproval(deps: Deps, tx: Queryable, end: CloseApproval): Promise<Approval> {
  const closed = await closeApproval(tx, end);
  const { id, status, closed_reason: reason, session_id: sessionId } = closed;
  await endReviews(deps, tx, id, {
    reason: `the approval is ${status}${reason === null ? '' : `: ${reason}`}`,
  });
  if (sessionId !== null) await wakeSession(tx, sessionId, `approval ${id} is ${status}`);
  return closed;
}

/** Calls off the open reviews of an approval, but those of the roles that are still wanted. */
export async function endReviews(
  deps: Deps,
  tx: Queryable,
  approvalId: string,
  { reason, isWanted }: { readonly reason: string; readonly isWanted?: (role: string) => boolean },
): Promise<void> {
  for (const { id, target } of await listReviews(tx, approvalId)) {
    if (isWanted?.(target) === true) continue;
    const review = await lockWork(tx, id);
    if (review.task.finished_at !== null) continue;
    await endTask(deps, tx, review, { status: 'cancelled', reason, actor: 'controller' });
  }
}

/** True if an approval can be met without the agents who gave up on it: any of several may be enough. */
async function canDoWithout(tx: Queryable, approval: Approval): Promise<boolean> {
  const open = await listReviews(tx, approval.id);
  const lost = (await listLostReviews(tx, approval.id)).filter(
    (role) => !open.some(({ target }) => target === role),
  );
  const seats = openSeats(approval).filter(
    ({ role, who }) => role !== null && who !== 'human' && lost.includes(role),
  );
  return canBeMet(approval, new Set(seats.map(({ seat }) => seat)));
}
