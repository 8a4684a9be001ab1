import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  ApprovalPolicy,
  approversBeside,
  findApprovalRule,
  outcomeNeedsApproval,
} from '../../src/core/policy.ts';

const policy = ApprovalPolicy.parse(
  parse(await readFile(new URL('../../policies/approvals.yaml', import.meta.url), 'utf8')),
);

const approversOf = (amount: number | null, role: string, type = 'budget-request') => {
  const rule = findApprovalRule(policy, { type, amount });
  return rule === undefined ? [] : approversBeside(rule, role);
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

test('a rule may be for some types alone, and the highest threshold counts', () => {
  const strict = ApprovalPolicy.parse({
    ...policy,
    rules: [
      { id: 'all', over: 100, approvers: ['manager'] },
      { id: 'travel', types: ['travel'], over: 1000, approvers: ['legal'] },
    ],
  });
  const ruleOf = (type: string, amount: number) => findApprovalRule(strict, { type, amount })?.rule;
  expect(ruleOf('travel', 5000)).toBe('travel');
  expect(ruleOf('travel', 500)).toBe('all');
  expect(ruleOf('chairs', 5000)).toBe('all');
});

test('only a declined outcome grants nothing', () => {
  expect((['done', 'approved', 'declined'] as const).filter(outcomeNeedsApproval)).toEqual([
    'done',
    'approved',
  ]);
});
