import type { ApprovalPolicy, ApprovalRule } from '../policy.ts';
import { APPROVAL_REVIEW, type TaskOutcome } from '../task.ts';
import { compileConditions, type PolicyFacts } from './conditions.ts';
import { digestOf } from './version.ts';

/** What policy demands for a task: the rules that count, in the order of the policy. */
export interface Demand {
  /** Their ids, joined by +. */
  readonly id: string;
  readonly rules: readonly ApprovalRule[];
}

export interface CompiledPolicy {
  readonly policy: ApprovalPolicy;
  readonly digest: string;
  /** Undefined: nobody need approve. */
  find(facts: PolicyFacts): Demand | undefined;
}

/**
 * Prepares a policy for being asked often.
 *
 * Of the rules with a threshold that apply, the ones with the highest count: a ladder, of which each rung replaces
 * those below. A rule without a threshold stands on its own and counts whenever it applies, beside the ladder, so that
 * no amount takes it away. What counts together must be met together.
 */
export function compilePolicy(policy: ApprovalPolicy): CompiledPolicy {
  const rules = policy.rules.map((rule) => ({
    rule,
    types: rule.types.includes('*') ? undefined : new Set(rule.types),
    holds: compileConditions(rule.where),
  }));
  return {
    policy,
    digest: digestOf(policy),
    find(facts) {
      if (facts.type === APPROVAL_REVIEW) return undefined;
      const applying = rules
        .filter(({ rule, types, holds }) => {
          if (types !== undefined && !types.has(facts.type)) return false;
          return isOver(rule, facts.amount) && holds(facts);
        })
        .map(({ rule }) => rule);
      if (applying.length === 0) return undefined;
      const highest = Math.max(...applying.map(({ over }) => over ?? -1));
      const counting = applying.filter(({ over }) => over === undefined || over === highest);
      return { id: counting.map(({ id }) => id).join('+'), rules: counting };
    },
  };
}

function isOver({ over }: ApprovalRule, amount: number | null): boolean {
  return over === undefined || (amount !== null && amount > over);
}

/** A declined task grants nothing, so it never needs an approval. */
export function outcomeNeedsApproval(outcome: TaskOutcome): boolean {
  return outcome !== 'declined';
}
