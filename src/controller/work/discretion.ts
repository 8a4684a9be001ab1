import { MeshError } from '../../core/errors.ts';
import { DEFAULT_TYPE, type NewTask } from '../../core/task.ts';
import { gatherFacts } from '../../detect/privileged/facts.ts';
import { findFacts } from '../../detect/privileged/find.ts';
import type { Deps } from '../deps.ts';
import { isCleared, type Veil } from './veil.ts';

/**
 * Refuses what cannot be made fit for its reader by hiding: to begin a privileged matter with a role that is not
 * cleared, and type and amount, which would mean something else without what they say.
 *
 * @throws MeshError forbidden
 */
export function requireDiscretion(
  deps: Deps,
  task: NewTask,
  to: { readonly role: string; readonly veil: Veil; readonly fromPrivileged: boolean },
): void {
  if (task.privileged && !to.fromPrivileged) requireClearance(deps, to.role);
  if (task.amount !== undefined && to.veil.hides(String(task.amount))) throw isFact('amount', to.role);
  if (task.type === DEFAULT_TYPE) return;
  if (to.veil.hides(task.type)) throw isFact('type', to.role);
  if (task.privileged || to.fromPrivileged) requireDiscreetType(task);
}

/** What is privileged goes first to somebody who may have it all. What comes from it may then go to others as well. */
function requireClearance(deps: Deps, role: string): void {
  if (isCleared(deps, role)) return;
  const cleared = deps.config.profiles
    .map((profile) => profile.role)
    .filter((other) => isCleared(deps, other));
  throw new MeshError('forbidden', `The role ${role} is not cleared for what is privileged.`, {
    hint: cleared.length === 0 ? 'No role is.' : `Cleared: ${cleared.join(', ')}.`,
    details: { cleared },
  });
}

function isFact(field: string, role: string): MeshError {
  return new MeshError(
    'forbidden',
    `The ${field} is a fact of privileged work, for which ${role} is not cleared.`,
    { hint: `Leave the ${field} out, or send the task to a role that is cleared.` },
  );
}

function requireDiscreetType({ type, description, data }: NewTask): void {
  const facts = gatherFacts({ texts: [description], values: [data] });
  if (findFacts(type, facts).length === 0) return;
  throw new MeshError(
    'forbidden',
    'The type of a privileged task stands in the log, but this one names a fact of it.',
    { hint: `Use a type that says no more than ${DEFAULT_TYPE}.` },
  );
}
