import type { HeldLease } from '../../store/tasks/release.ts';
import type { Deps } from '../deps.ts';
import { giveUp } from './finish-task.ts';
import { lockWork } from './lock.ts';

/** Puts back what an agent held under these leases and cannot finish. What is held under another lease by now stays. */
export async function giveBack(deps: Deps, leases: readonly HeldLease[], reason: string): Promise<void> {
  for (const { id, lease_id } of leases) {
    await deps.db.transaction(async (tx) => {
      const work = await lockWork(tx, id);
      if (work.task.lease_id !== lease_id) return;
      await giveUp(deps, tx, work, { reason, actor: 'controller', retry: { afterSeconds: 0 } });
    });
  }
}
