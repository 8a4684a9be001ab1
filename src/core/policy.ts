import { z } from 'zod';
import { Name } from './identity.ts';
import { APPROVAL_REVIEW, type TaskOutcome } from './task.ts';

/** One line of the approval policy: what needs whose approval. */
const ApprovalRule = z.strictObject({
  id: Name,
  types: z.array(z.string()).default(['*']).describe('Task types; * stands for all'),
  over: z.number().nonnegative().describe('Applies to amounts greater than this'),
  approvers: z.array(Name).min(1).describe('Roles that must all agree'),
});

export const ApprovalPolicy = z.strictObject({
  version: z.int().positive(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  valid_for_hours: z
    .number()
    .positive()
    .default(168)
    .describe('How long a request waits, and a receipt holds'),
  rules: z.array(ApprovalRule),
});
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;

/** The facts of a task that a policy reads. */
export interface PolicySubject {
  readonly type: string;
  readonly amount: number | null;
}

export interface PolicyDecision {
  readonly rule: string;
  readonly approvers: readonly string[];
}

/** The rule that governs a task: of those that apply, the one with the highest threshold. Undefined: none applies. */
export function findApprovalRule(policy: ApprovalPolicy, subject: PolicySubject): PolicyDecision | undefined {
  const { amount, type } = subject;
  if (amount === null || type === APPROVAL_REVIEW) return undefined;
  const [strictest] = policy.rules
    .filter((rule) => amount > rule.over && (rule.types.includes('*') || rule.types.includes(type)))
    .sort((a, b) => b.over - a.over);
  return strictest && { rule: strictest.id, approvers: strictest.approvers };
}

/** Roles that still have to decide when `requesterRole` asks: asking is consenting. */
export function approversBeside(decision: PolicyDecision, requesterRole: string): readonly string[] {
  return decision.approvers.filter((role) => role !== requesterRole);
}

/** A declined task grants nothing, so it never needs an approval. */
export function outcomeNeedsApproval(outcome: TaskOutcome): boolean {
  return outcome !== 'declined';
}
