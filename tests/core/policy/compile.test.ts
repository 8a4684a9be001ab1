import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compilePolicy, outcomeNeedsApproval } from '../../../src/core/policy/compile.ts';
import type { PolicyFacts } from '../../../src/core/policy/conditions.ts';
import { planSteps } from '../../../src/core/policy/steps.ts';
import { ApprovalPolicy } from '../../../src/core/policy.ts';

const policy = ApprovalPolicy.parse(
  parse(await readFile(new URL('../../../policies/approvals.yaml', import.meta.url), 'utf8')),
);

const facts = (some: Partial<PolicyFacts>): PolicyFacts => ({
  type: 'budget-request',
  amount: null,
  priority: 5,
  source: 'user:alice',
  owner: 'user:alice',
  target: 'finance',
  data: {},
  ...some,
});

const approversOf = (amount: number | null, role: string, type = 'budget-request') => {
  const demand = compilePolicy(policy).find(facts({ type, amount }));
  const asker = { role, managerOf: () => undefined };
  return demand === undefined ? [] : planSteps(demand, asker).map(({ label }) => label);
};

test.each([
  [null, []],
  [0, []],
  [9999.99, []],
  [10_000, []],
  [10_000.01, ['manager']],
  [50_000, ['manager']],
  [50_000.01, ['finance', 'manager']],
  [125_000, ['finance', 'manager']],
])('an amount of %s needs %j', (amount, approvers) => {
  expect(approversOf(amount, 'hr')).toEqual(approvers);
});

test('the role that asks has consented', () => {
  expect(approversOf(125_000, 'finance')).toEqual(['manager']);
  expect(approversOf(125_000, 'manager')).toEqual(['finance']);
  expect(approversOf(20_000, 'manager')).toEqual([]);
});

test('a review never needs a review', () => {
  expect(approversOf(125_000, 'manager', 'approval-review')).toEqual([]);
});

describe('of the rules that apply', () => {
  const compiled = compilePolicy(
    ApprovalPolicy.parse({
      ...policy,
      rules: [
        { id: 'all', over: 100, approvers: ['manager'] },
        { id: 'travel', types: ['travel'], over: 1000, approvers: ['legal'] },
        { id: 'flights', types: ['travel'], over: 1000, where: { 'data.by': 'air' }, approvers: ['hr'] },
        { id: 'secret', where: { 'data.secret': true }, approvers: ['legal'] },
      ],
    }),
  );
  const ruleOf = (type: string, amount: number | null, data = {}) =>
    compiled.find(facts({ type, amount, data }))?.id;

  test('those with the highest threshold count', () => {
    expect(ruleOf('travel', 5000)).toBe('travel');
    expect(ruleOf('travel', 500)).toBe('all');
    expect(ruleOf('chairs', 5000)).toBe('all');
    expect(ruleOf('chairs', 100)).toBeUndefined();
  });

  test('two of the same threshold count both', () => {
    expect(ruleOf('travel', 5000, { by: 'air' })).toBe('travel+flights');
  });

  test('one without a threshold counts beside them, whatever the amount', () => {
    expect(ruleOf('travel', 5000, { secret: true })).toBe('travel+secret');
    expect(ruleOf('travel', 1, { secret: true })).toBe('secret');
    expect(ruleOf('travel', null, { secret: true })).toBe('secret');
  });
});

test('only a declined outcome grants nothing', () => {
  expect((['done', 'approved', 'declined'] as const).filter(outcomeNeedsApproval)).toEqual([
    'done',
    'approved',
  ]);
});
