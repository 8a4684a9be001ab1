import type { ApprovalStep } from '../../core/approval.ts';
import { managerOf } from '../../core/org.ts';
import type { Demand } from '../../core/policy/compile.ts';
import type { PolicyFacts } from '../../core/policy/conditions.ts';
import { type Asker, planSteps } from '../../core/policy/steps.ts';
import type { Deps } from '../deps.ts';

/** What policy demands for a task, and what of it somebody must still agree to; undefined: nothing. */
export function findDemand(
  deps: Deps,
  task: PolicyFacts,
): { readonly demand: Demand; readonly steps: readonly ApprovalStep[] } | undefined {
  const demand = deps.policy.find(task);
  if (demand === undefined) return undefined;
  const steps = planSteps(demand, askerOf(deps, task));
  return steps.length === 0 ? undefined : { demand, steps };
}

/** Agents have no manager: where one has sent the task, its owner counts as the one who asked. */
function askerOf({ config }: Deps, { target, source, owner }: PolicyFacts): Asker {
  return {
    role: target,
    managerOf(whom) {
      const actor = whom === 'requester' && source.startsWith(USER) ? source : owner;
      const manager = actor.startsWith(USER) ? managerOf(config.people, actor.slice(USER.length)) : undefined;
      return manager === undefined ? undefined : `${USER}${manager.name}`;
    },
  };
}

const USER = 'user:';
