import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Task } from '../../core/task.ts';
import { extendLease } from '../../store/tasks/claim.ts';
import type { LockedTask } from '../../store/tasks/lock.ts';
import { getTask } from '../../store/tasks/read.ts';
import type { Deps } from '../deps.ts';
import { watchSubject } from '../stream/watch.ts';
import { notFound } from './not-found.ts';

/** Lets only the present holder of a task work on it. Throws `lease_lost`, `task_closed`. */
export function requireLease(task: LockedTask, by: Principal, leaseId: string): void {
  requireOpen(task);
  if (task.agent !== by.name || task.lease_id !== leaseId || task.lease_expired) {
    throw leaseLost(task.id, by, leaseId);
  }
}

/**
 * `requireLease` for calls that cannot name the lease, such as those of tools: the token binds them to an agent and its
 * session, so what is left to check is that this agent still holds the task.
 */
export function requireHolder(task: LockedTask, by: Principal): void {
  requireOpen(task);
  if (task.agent !== by.name || task.lease_id === null || task.lease_expired) throw leaseLost(task.id, by);
}

/** Throws `task_closed`. */
export function requireOpen(task: Task): void {
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
  const giveUpAt = Date.now() + waitMs;
  using changes = watchSubject(deps.tail, `task:${taskId}`);
  for (;;) {
    const task = await extend(deps, by, taskId, leaseId);
    const leftMs = giveUpAt - Date.now();
    if (leftMs <= 0 || !(await changes.next(leftMs, signal))) return task;
  }
}

async function extend(deps: Deps, by: Principal, taskId: string, leaseId: string): Promise<Task> {
  const lease = { agent: by.name, lease_id: leaseId, lease_seconds: deps.config.lease_seconds };
  const kept = await extendLease(deps.db, taskId, lease);
  if (kept !== undefined) return kept;
  const task = await getTask(deps.db, taskId);
  if (task === undefined) throw notFound('task', taskId);
  requireOpen(task);
  throw leaseLost(taskId, by, leaseId);
}

function leaseLost(taskId: string, by: Principal, leaseId?: string): MeshError {
  const under = leaseId === undefined ? '' : ` under lease ${leaseId}`;
  return new MeshError('lease_lost', `Task ${taskId} is not leased to ${by.actor}${under}.`, {
    hint: 'Drop the work: another agent has the task, or it waits to be claimed again.',
  });
}
