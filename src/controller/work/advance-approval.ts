import type { Approval } from '../../core/approval.ts';
import { placeOf } from '../../core/policy/places.ts';
import { nextEscalation, openSeats } from '../../core/policy/progress.ts';
import type { Task } from '../../core/task.ts';
import { advanceApproval } from '../../store/approvals/decide.ts';
import type { Queryable } from '../../store/database.ts';
import type { Deps } from '../deps.ts';
import { bringReviews } from './reviews.ts';

/** Notes how far an undecided approval has come, and asks those who may decide from now on. */
export async function advance(
  deps: Deps,
  tx: Queryable,
  { approval, task, actor, to }: Advance,
): Promise<Approval> {
  const progress = { ...approval, ...to };
  const advanced = await advanceApproval(tx, {
    id: approval.id,
    ...to,
    open_to: [...new Set(openSeats(progress).map(placeOf))],
    due_hours: nextEscalation(progress)?.hours ?? null,
    actor,
  });
  await bringReviews(deps, tx, advanced, task);
  return advanced;
}

interface Advance {
  readonly approval: Approval;
  readonly task: Task;
  readonly actor: string;
  readonly to: { readonly stage: number; readonly escalated: readonly number[] };
}
