import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Task } from '../../core/task.ts';
import { extendLease } from '../../store/tasks/claim.ts';
import type { Holding } from '../../store/tasks/lock.ts';
import { getTask } from '../../store/tasks/read.ts';
import type { Deps } from '../deps.ts';
import { watchSubject } from '../stream/watch.ts';
import { notFound } from './not-found.ts';

/** Lets only the present holder of a task work on it. Throws `lease_lost`, `task_closed`. */
export function requireLease(task: Holding, by: Principal, leaseId: string): void {
  requireOpen(task);
  if (!holdsLease(task, by, leaseId)) throw leaseLost(task.id, by, leaseId);
}

/** True for the present holder of an open task. */
export function holdsLease(task: Holding, by: Principal, leaseId: string): boolean {
  const { finished_at, agent, lease_id, lease_expired } = task;
  return finished_at === null && agent === by.name && lease_id === leaseId && !lease_expired;
}

/**
 * `requireLease` for what an agent changes in a session without naming the lease, such as by a tool: the token names it
 * (fencing). An earlier life of the same agent has a token of the same session, under another lease.
 *
 * @throws MeshError lease_lost, task_closed, forbidden (the token is not bound to a session)
 */
export function requireHolder(task: Holding, by: Principal): void {
  requireLease(task, by, requireBoundTo(by.sessionId, by));
}

/** The lease of a token that is bound to the session. Throws `forbidden` for any other token. */
export function requireBoundTo(sessionId: string | undefined, { actor, ...by }: Principal): string {
  if (by.leaseId !== undefined && by.sessionId === sessionId) return by.leaseId;
  throw new MeshError('forbidden', `${actor} changes a session only while it works on it.`, {
    hint: 'Ask POST /oauth/token for a token with session_id and lease_id, as the claim gave them.',
  });
}

/** Throws `task_closed`. */
export function requireOpen(task: Pick<Task, 'id' | 'status' | 'finished_at'>): void {
  if (task.finished_at === null) return;
  throw new MeshError('task_closed', `Task ${task.id} is already ${task.status}.`, {
    details: { state: task.status },
  });
}

export interface KeepLease {
  readonly by: Principal;
  readonly taskId: string;
  readonly leaseId: string;
  /** How long to wait for the loss of the lease before the answer. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Keeps a lease from running out, and waits for a while to tell its holder at once when the task ends or is taken away.
 * One that has run out is lost, also when nobody has taken the task since.
 *
 * @throws MeshError lease_lost, task_closed, not_found
 */
export async function keepLease(
  deps: Deps,
  { by, taskId, leaseId, waitMs, signal }: KeepLease,
): Promise<Task> {
  const giveUpAt = performance.now() + waitMs;
  using changes = watchSubject(deps.tail, `task:${taskId}`);
  for (let arrives = true; ; arrives = false) {
    const task = await extend(deps, by, { taskId, leaseId, arrives });
    const leftMs = giveUpAt - performance.now();
    if (leftMs <= 0 || !(await changes.next(leftMs, signal))) return task;
  }
}

async function extend(
  deps: Deps,
  by: Principal,
  { taskId, leaseId, arrives }: Pick<KeepLease, 'taskId' | 'leaseId'> & { readonly arrives: boolean },
): Promise<Task> {
  const lease = { agent: by.name, lease_id: leaseId, lease_seconds: deps.config.lease_seconds };
  const kept = await extendLease(deps.db, taskId, lease, { arrives });
  if (kept !== undefined) return kept;
  const task = await getTask(deps.db, taskId);
  if (task === undefined) throw notFound('task', taskId);
  requireOpen(task);
  throw leaseLost(taskId, by, leaseId);
}

function leaseLost(taskId: string, by: Principal, leaseId: string): MeshError {
  return new MeshError('lease_lost', `Task ${taskId} is not leased to ${by.actor} under lease ${leaseId}.`, {
    hint: 'Drop the work: another agent has the task, or it waits to be claimed again.',
  });
}
