import { expect, test } from 'vitest';
import { renderApproval, renderRules } from '../../src/cli/render-approval.ts';
import { Approval } from '../../src/core/approval.ts';
import { planSteps } from '../../src/core/policy/steps.ts';
import { ApprovalPolicy } from '../../src/core/policy.ts';

const ID = '3f0c6a1e-8a55-4f0e-9d3c-6f6f7a3d2b11';
const AT = '2026-01-02T03:04:05Z';
const policy = ApprovalPolicy.parse({
  version: 3,
  currency: 'USD',
  rules: [
    {
      id: 'travel',
      types: ['travel'],
      where: { 'data.department': 'Sales', 'data.days': { over: 5 } },
      approvers: ['legal', { role: 'cfo', who: 'human' }],
      order: 'sequence',
      deadline_hours: 4,
      escalate_to: ['manager'],
    },
  ],
});
const steps = planSteps(
  { id: 'travel', rules: policy.rules },
  { role: 'finance', managerOf: () => undefined },
);

const approval = Approval.parse({
  id: ID,
  task_id: ID,
  session_id: null,
  requester: 'agent:finance',
  requester_role: 'finance',
  amount: null,
  currency: null,
  reason: 'We go.',
  policy: 'v3/travel',
  policy_digest: '0'.repeat(64),
  required: steps.map(({ label }) => label),
  steps,
  stage: 1,
  escalated: [],
  due_at: null,
  privileged: false,
  status: 'pending',
  decisions: [
    {
      seat: 0,
      role: 'legal',
      actor: 'user:dan',
      on_behalf_of: 'user:erin',
      decision: 'approve',
      comment: 'Fine \u001b[2J',
      at: AT,
    },
  ],
  receipt: null,
  trace_id: 'x',
  created_at: AT,
  expires_at: AT,
  decided_at: null,
  closed_reason: null,
  used_at: null,
  erased_at: null,
});

test('an approval shows how far its steps have come, and by which rule', () => {
  const text = renderApproval(approval, policy);
  expect(text).toContain('legal: approve by user:dan for user:erin: Fine \\x1b[2J');
  expect(text).toMatch(/ 1 +legal +approved +user:dan +travel\n/);
  expect(text).toMatch(/ 2 +cfo \(human\) +open +travel\n/);
  expect(text).toMatch(
    /travel +type travel, data\.department is "Sales", data\.days over 5 +legal, then cfo \(human\) +4 h +manager/,
  );
});

test('what was not decided when it ended is not called open', () => {
  const over = { ...approval, status: 'expired' as const, closed_reason: 'nobody decided in time' };
  expect(renderApproval(over)).toMatch(/cfo \(human\) +not decided/);
});

test('a rule without conditions is for always', () => {
  const always = ApprovalPolicy.parse({
    ...policy,
    rules: [{ id: 'all', approvers: [{ 'manager-of': 'owner' }] }],
  });
  expect(renderRules(always)).toMatch(/all +always +manager of the owner +168 h/);
});
