import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { LockedTask } from '../../store/tasks/release.ts';

/** Lets only the present holder of a task work on it. Throws `lease_lost`, `task_closed`. */
export function requireLease(task: LockedTask, by: Principal, leaseId: string): void {
  if (task.finished_at !== null) {
    throw new MeshError('task_closed', `Task ${task.id} is already ${task.status}.`, {
      details: { status: task.status },
    });
  }
  if (task.agent !== by.name || task.lease_id !== leaseId || task.lease_expired) {
    throw new MeshError(
      'lease_lost',
      `Task ${task.id} is not leased to ${by.actor} under lease ${leaseId}.`,
      {
        hint: 'Drop the work: another agent has the task, or it waits to be claimed again.',
      },
    );
  }
}
