import { type Allowance, findSpent, type Spending } from '../../core/budget.ts';
import { MeshError } from '../../core/errors.ts';
import type { CallPermit } from '../../core/guard.ts';
import type { Principal } from '../../core/identity.ts';
import { findPrice } from '../../core/prices.ts';
import { openCall } from '../../store/guard/calls.ts';
import { lockBudget, readSpendingOfRole, readSpendingOfTask } from '../../store/guard/spending.ts';
import { listOrigins } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';
import { requireOwnCall, roleOfGuard } from './audit-calls.ts';
import { hideForLog } from './data-rules.ts';
import { findProfile } from './profiles.ts';

/**
 * Permits one call to a model, if its role and its task have something left of their budgets, and counts it at once: of
 * many guards that ask at the same moment, no more get through than there are calls left. Tokens and cost are known
 * only when a call has ended, so those may be exceeded by what was under way.
 *
 * @throws MeshError budget_exceeded, forbidden (the session is not of the guard's agent)
 */
export async function permitCall(deps: Deps, by: Principal, call: CallPermit): Promise<void> {
  const role = roleOfGuard(deps, by);
  const { budgets } = findProfile(deps, role);
  if (budgets.per_day.cost !== undefined || budgets.per_task.cost !== undefined)
    requirePrice(deps, role, call);
  const sessions = await listOrigins(deps.db, call.session_id === null ? [] : [call.session_id]);
  const session = sessions.get(call.session_id ?? '');
  requireOwnCall(by, { ...call, agent: by.name }, session);
  const task_id = session?.task_id ?? null;
  await deps.db.transaction(async (tx) => {
    await lockBudget(tx, role);
    requireLeft(`role ${role}`, 'a day', budgets.per_day, await readSpendingOfRole(tx, role));
    if (task_id !== null)
      requireLeft('task', 'all its attempts', budgets.per_task, await readSpendingOfTask(tx, task_id));
    await openCall(tx, { ...call, model: hideForLog(call.model), role, agent: by.name, task_id });
  });
}

function requireLeft(whose: string, span: string, allowance: Allowance, spent: Spending): void {
  const unit = findSpent(allowance, spent);
  if (unit === undefined) return;
  const limit = unit === 'cost' ? `${allowance[unit] ?? 0} US dollars` : `${allowance[unit] ?? 0} ${unit}`;
  throw new MeshError('budget_exceeded', `The ${whose} has used up its budget of ${limit} for ${span}.`, {
    hint:
      span === 'a day'
        ? 'It begins anew at midnight UTC; the profile of the role sets it.'
        : 'The profile sets it.',
    details: { unit },
  });
}

/** A budget that cannot be counted would be none. */
function requirePrice({ config }: Deps, role: string, { model }: CallPermit): void {
  if (findPrice(config.prices, model) !== undefined) return;
  throw new MeshError(
    'budget_exceeded',
    `The role ${role} has a budget in US dollars, but the price table does not know its model.`,
    { hint: 'Give its price under `prices` in mesh.yaml.', details: { unit: 'cost' } },
  );
}
