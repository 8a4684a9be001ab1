import type { Spending } from '../../core/budget.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';

const LOCK = {
  name: 'lock_budget',
  text: `select pg_advisory_xact_lock(hashtextextended('goose-mesh budget ' || $1, 0))`,
};

/** Lets one call of a role at a time be counted and permitted. Must come first, as what is read afterwards decides. */
export async function lockBudget(tx: Queryable, role: string): Promise<void> {
  await tx.query(LOCK, [role]);
}

/**
 * Calls that go on count as calls; their tokens are not known yet. What the guard refused was not sent, unless it was
 * permitted: then it was the answer that was refused, and that has its price.
 */
const SUMS = `
    select count(*)::int as calls,
           coalesce(sum(coalesce(tokens_in, 0) + coalesce(tokens_out, 0)), 0)::float8 as tokens,
           coalesce(sum(cost), 0)::float8 as cost
    from guard_calls where (refused is null or permitted)`;

const OF_ROLE = {
  name: 'spending_of_role',
  text: `${SUMS} and role = $1 and at >= date_trunc('day', now(), 'UTC')`,
};

/** What a role has used up since the day began, in UTC. Plan: an index-only scan of idx_guard_calls_role. */
export async function readSpendingOfRole(tx: Queryable, role: string): Promise<Spending> {
  return onlyRow(await tx.query<Spending>(OF_ROLE, [role]));
}

const OF_TASK = { name: 'spending_of_task', text: `${SUMS} and task_id = $1` };

/** What a task has used up in all its attempts. Plan: an index-only scan of idx_guard_calls_task. */
export async function readSpendingOfTask(tx: Queryable, taskId: string): Promise<Spending> {
  return onlyRow(await tx.query<Spending>(OF_TASK, [taskId]));
}
