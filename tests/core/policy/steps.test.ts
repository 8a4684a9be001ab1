import { describe, expect, test } from 'vitest';
import { planSteps } from '../../../src/core/policy/steps.ts';
import { ApprovalRule } from '../../../src/core/policy.ts';

const plan = (rules: readonly object[], role = 'hr', manager?: string) =>
  planSteps(
    { id: 'all', rules: rules.map((rule, index) => ApprovalRule.parse({ id: `r${index}`, ...rule })) },
    { role, managerOf: () => manager },
  );

/** Each step as `stage: label, needed of seats`. */
const show = (...args: Parameters<typeof plan>) =>
  plan(...args).map(({ stage, label, need, seats }) => `${stage}: ${label}, ${need} of ${seats.length}`);

const MANAGER = { 'manager-of': 'owner' };
const HUMAN = { role: 'manager', who: 'human' };

test.each([
  ['a role', [{ approvers: ['manager'] }], ['0: manager, 1 of 1']],
  ['two at once', [{ approvers: ['manager', 'legal'] }], ['0: manager, 1 of 1', '0: legal, 1 of 1']],
  [
    'two in sequence',
    [{ approvers: ['manager', 'legal'], order: 'sequence' }],
    ['0: manager, 1 of 1', '1: legal, 1 of 1'],
  ],
  ['people', [{ approvers: [HUMAN] }], ['0: manager (human), 1 of 1']],
  [
    'any of several',
    [{ approvers: [{ any: 2, of: ['manager', 'legal', HUMAN] }] }],
    ['0: 2 of manager, legal, manager (human), 2 of 3'],
  ],
])('%s', (_what, rules, expected) => {
  expect(show(rules)).toEqual(expected);
});

describe('the role that asks consents', () => {
  test.each([
    ['for itself', [{ approvers: ['hr', 'legal'] }], ['0: legal, 1 of 1']],
    [
      'as one of several',
      [{ approvers: [{ any: 2, of: ['hr', 'legal', 'it'] }] }],
      ['0: 2 of hr, legal, it, 1 of 2'],
    ],
    ['which may be enough', [{ approvers: [{ any: 1, of: ['hr', 'legal'] }] }], []],
    ['without leaving a gap', [{ approvers: ['hr', 'legal'], order: 'sequence' }], ['0: legal, 1 of 1']],
  ])('%s', (_what, rules, expected) => {
    expect(show(rules)).toEqual(expected);
  });

  test('but not for its people, nor in an escalation', () => {
    expect(show([{ approvers: [{ role: 'hr', who: 'human' }] }])).toEqual(['0: hr (human), 1 of 1']);
    const [step] = plan([{ approvers: ['legal'], deadline_hours: 1, escalate_to: ['hr', 'it'] }]);
    expect(step?.escalate_to.map(({ role }) => role)).toEqual(['it']);
    const [idle] = plan([{ approvers: ['legal'], deadline_hours: 1, escalate_to: ['hr'] }]);
    expect(idle).toMatchObject({ escalate_to: [], deadline_hours: null });
  });
});

describe('of rules that count together', () => {
  test('the same approver decides once, at the earlier place', () => {
    expect(
      show([{ approvers: ['legal', 'manager'], order: 'sequence' }, { approvers: ['manager'] }]),
    ).toEqual(['0: legal, 1 of 1', '0: manager, 1 of 1']);
  });

  test('a person of a role does for the role', () => {
    expect(show([{ approvers: ['manager'] }, { approvers: [HUMAN] }])).toEqual([
      '0: manager (human), 1 of 1',
    ]);
  });

  test('any of several is not the same as one of them', () => {
    const several = { approvers: [{ any: 1, of: ['manager', 'legal'] }] };
    expect(show([several, { approvers: ['manager'] }])).toHaveLength(2);
    expect(show([several, several])).toHaveLength(1);
  });
});

test('the manager is a person, and may be nobody', () => {
  expect(plan([{ approvers: [MANAGER] }], 'hr', 'user:bob')).toMatchObject([
    { label: 'manager of the owner (user:bob)', seats: [{ person: 'user:bob', who: 'human' }] },
  ]);
  expect(show([{ approvers: [MANAGER] }])).toEqual(['0: manager of the owner, 1 of 0']);
});

test('one manager of two decides once', () => {
  const both = [{ 'manager-of': 'requester' }, MANAGER];
  expect(show([{ approvers: both }], 'hr', 'user:bob')).toEqual([
    '0: manager of the requester (user:bob), 1 of 1',
  ]);
  expect(plan([{ approvers: [{ any: 1, of: both }] }], 'hr', 'user:bob')[0]?.seats).toHaveLength(1);
});

test('seats are numbered throughout', () => {
  const steps = plan([
    { approvers: ['legal', { any: 1, of: ['it', 'manager'] }], deadline_hours: 1, escalate_to: ['cfo'] },
  ]);
  const seats = steps.flatMap((step) => [...step.seats, ...step.escalate_to]);
  expect(seats.map(({ seat }) => seat)).toEqual([0, 1, 2, 3, 4]);
});
