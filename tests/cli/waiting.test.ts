import { expect, test } from 'vitest';
import { needsPerson, renderWaiting } from '../../src/cli/waiting.ts';
import type { Approval } from '../../src/core/approval.ts';
import { planSteps } from '../../src/core/policy/steps.ts';
import { ApprovalPolicy } from '../../src/core/policy.ts';

const AGENTS = new Set(['finance', 'manager']);

test.each([
  ['an agent plays the role', ['manager'], false],
  ['no agent plays the role', ['legal'], true],
  ['a person must decide for it', [{ role: 'manager', who: 'human' }], true],
  ['one of two is enough, and an agent plays it', [{ any: 1, of: ['legal', 'manager'] }], false],
  ['both of two must decide', [{ any: 2, of: ['legal', 'manager'] }], true],
  ['somebody’s manager decides', [{ 'manager-of': 'owner' }], true],
])('whether an approval waits for a person, if %s', (_when, approvers, expected) => {
  expect(needsPerson(asked(approvers), AGENTS)).toBe(expected);
});

test('a person whose turn comes later is not waited for', () => {
  const approval = asked(['manager', { role: 'cfo', who: 'human' }], 'sequence');
  expect(needsPerson(approval, AGENTS)).toBe(false);
  const decisions = [{ seat: 0, decision: 'approve' }] as unknown as Approval['decisions'];
  expect(needsPerson({ ...approval, stage: 1, decisions }, AGENTS)).toBe(true);
});

test('only what waits is told, with the command that shows it', () => {
  const none = { approvals: 0, approvals_for_people: 0, dead_letters: 0, more: false };
  expect(renderWaiting(none)).toEqual([]);
  expect(renderWaiting({ ...none, approvals: 2, approvals_for_people: 1, dead_letters: 1 })).toEqual([
    '2 open approvals (1 can only be decided by people): goose-mesh approval list --status pending',
    '1 dead letter: goose-mesh task list --dead-letter',
  ]);
});

function asked(approvers: readonly unknown[], order: 'together' | 'sequence' = 'together'): Approval {
  const policy = ApprovalPolicy.parse({
    version: 1,
    currency: 'USD',
    rules: [{ id: 'r', over: 1, approvers, order }],
  });
  const demand = { id: 'r', rules: policy.rules };
  const steps = planSteps(demand, { role: 'hr', managerOf: () => 'user:eve' });
  return { steps, stage: 0, escalated: [], decisions: [] } as unknown as Approval;
}
