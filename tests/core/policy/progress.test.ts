import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApprovalStep } from '../../../src/core/approval.ts';
import { judge, nextEscalation, openSeats, stateOf } from '../../../src/core/policy/progress.ts';
import { planSteps } from '../../../src/core/policy/steps.ts';
import { ApprovalRule } from '../../../src/core/policy.ts';

const ROLES = ['finance', 'manager', 'legal', 'it', 'hr', 'cfo'];

/** Rules in which every role is named once at most, so that a role names its seat. */
const rule = fc
  .record({
    roles: fc.shuffledSubarray(ROLES, { minLength: 1 }),
    sizes: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })), {
      minLength: 6,
      maxLength: 6,
    }),
    order: fc.constantFrom('together' as const, 'sequence' as const),
  })
  .map(({ roles, sizes, order }) => {
    const left = [...roles];
    const approvers = sizes.flatMap(([size, any]): (string | { any: number; of: string[] })[] => {
      const of = left.splice(0, size);
      if (of.length === 0) return [];
      return of.length === 1 ? of : [{ any: Math.min(any, of.length), of }];
    });
    return ApprovalRule.parse({ id: 'r', approvers, order });
  });

const attempts = fc.array(
  fc.record({
    role: fc.constantFrom(...ROLES),
    decision: fc.constantFrom('approve' as const, 'approve', 'reject'),
  }),
  { maxLength: 20 },
);

type Decisions = { seat: number; role: string | null; decision: 'approve' | 'reject' }[];

test('is approved exactly if the formula of the rule is satisfied, and rejected if it cannot be any more', () => {
  fc.assert(
    fc.property(rule, attempts, (some, tries) => {
      const steps = planSteps({ id: 'r', rules: [some] }, { role: 'hr', managerOf: () => undefined });
      const { decisions } = play(steps, tries);
      const said = (decision: string) =>
        new Set(decisions.filter((made) => made.decision === decision).map(({ role }) => role));
      const [yes, no] = [said('approve').add('hr'), said('reject')];
      const entries = some.approvers.map((entry) =>
        typeof entry === 'object' && 'any' in entry
          ? { need: entry.any, of: entry.of as string[] }
          : { need: 1, of: [entry as string] },
      );
      const count = (of: readonly string[], set: ReadonlySet<string | null>) =>
        of.filter((role) => set.has(role)).length;
      const isMet = entries.every(({ need, of }) => count(of, yes) >= need);
      const isLost = entries.some(({ need, of }) => of.length - count(of, no) < need);
      if (steps.length === 0) return;
      expect(judge({ steps, stage: 0, escalated: [], decisions }).verdict).toBe(
        isLost ? 'rejected' : isMet ? 'approved' : 'pending',
      );
    }),
  );
});

/** Takes the decisions of those whose turn it is, until the approval is settled. */
function play(
  steps: readonly ApprovalStep[],
  tries: readonly { role: string; decision: 'approve' | 'reject' }[],
): { decisions: Decisions; stages: number[] } {
  const decisions: Decisions = [];
  const stages = [0];
  for (const { role, decision } of tries) {
    const progress = { steps, stage: stages.at(-1) ?? 0, escalated: [], decisions };
    if (judge(progress).verdict !== 'pending') break;
    const seat = openSeats(progress).find((candidate) => candidate.role === role);
    if (seat === undefined) continue;
    decisions.push({ seat: seat.seat, role, decision });
    stages.push(judge(progress).stage);
  }
  return { decisions, stages };
}

test('in sequence nobody decides before those who come earlier have approved', () => {
  fc.assert(
    fc.property(rule, attempts, (some, tries) => {
      const steps = planSteps({ id: 'r', rules: [some] }, { role: 'nobody', managerOf: () => undefined });
      const { decisions, stages } = play(steps, tries);
      expect(stages).toEqual(stages.toSorted((a, b) => a - b));
      for (const [index, { seat }] of decisions.entries()) {
        const own = steps.find(({ seats }) => seats.some((one) => one.seat === seat));
        const before = { steps, stage: 99, escalated: [], decisions: decisions.slice(0, index) };
        for (const step of steps.filter(({ stage }) => stage < (own?.stage ?? 0)))
          expect(stateOf(before, step)).toBe('approved');
      }
    }),
  );
});

test('the earliest deadlines of the steps that are open escalate next', () => {
  const parse = (hours: number, role: string) =>
    ApprovalRule.parse({ id: role, approvers: [role], deadline_hours: hours, escalate_to: ['cfo'] });
  const steps = planSteps(
    { id: 'all', rules: [parse(5, 'legal'), parse(2, 'manager'), parse(2, 'it')] },
    { role: 'hr', managerOf: () => undefined },
  );
  const progress = { steps, stage: 0, escalated: [], decisions: [] };
  expect(nextEscalation(progress)).toEqual({ hours: 2, steps: [1, 2] });
  expect(nextEscalation({ ...progress, escalated: [1, 2] })).toEqual({ hours: 5, steps: [0] });
  expect(nextEscalation({ ...progress, escalated: [0, 1, 2] })).toBeUndefined();
  const approved = [{ seat: 0, decision: 'approve' as const }];
  expect(nextEscalation({ ...progress, escalated: [1, 2], decisions: approved })).toBeUndefined();
});
