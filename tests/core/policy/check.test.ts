import { expect, test } from 'vitest';
import { checkRule } from '../../../src/core/policy/check.ts';
import { ApprovalRule } from '../../../src/core/policy.ts';

const person = (name: string, roles: readonly string[], reports_to?: string) => ({
  name,
  roles: [...roles],
  away: [],
  owns: [],
  ...(reports_to === undefined ? {} : { reports_to }),
});
const DECIDERS = {
  roles: ['finance', 'manager', 'legal', 'cfo'],
  agentRoles: ['finance', 'manager'],
  people: [person('carol', ['cfo']), person('dave', ['cfo', 'legal'], 'carol')],
};
const LONELY = { ...DECIDERS, people: [person('carol', ['cfo'])] };

const CFO = { role: 'cfo', who: 'human' };

const mistakesOf = (rule: object, deciders = DECIDERS) =>
  checkRule(ApprovalRule.parse({ id: 'r', ...rule }), deciders, 168).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test.each([
  { approvers: ['manager', 'legal'] },
  { approvers: [CFO, CFO] },
  { approvers: [{ any: 2, of: [CFO, CFO, 'manager'] }] },
  { approvers: [{ role: 'manager', who: 'agent' }, CFO] },
  { approvers: [{ 'manager-of': 'owner' }] },
  { approvers: ['manager'], deadline_hours: 167, escalate_to: [CFO] },
  { approvers: [CFO], where: { owner: 'user:carol' } },
  { approvers: ['finance'], where: { target: { one_of: ['finance', 'manager'] } } },
])('%j can be satisfied', (rule) => {
  expect(mistakesOf(rule)).toEqual([]);
});

test.each([
  [{ approvers: ['manger'] }, 'approvers.0: there is no role "manger" (did you mean "manager"?)'],
  [{ approvers: [{ any: 1, of: ['boss'] }] }, 'approvers.0.of.0: there is no role "boss"'],
  [
    { approvers: [{ any: 3, of: ['manager', 'legal'] }] },
    'approvers.0.any: any 3 of 2 can never be satisfied',
  ],
  [
    { approvers: [{ role: 'finance', who: 'human' }] },
    'approvers.0.role: no person has the role finance, so none can decide (the admin does not count)',
  ],
  [{ approvers: [{ role: 'legal', who: 'agent' }] }, 'approvers.0.role: no agent of this mesh plays legal'],
  [
    { approvers: [CFO, CFO, CFO] },
    'approvers: there are too few people for cfo (human) and cfo (human) and cfo',
  ],
  [
    { approvers: [{ role: 'legal', who: 'human' }, CFO, CFO] },
    'approvers: there are too few people for legal (human)',
  ],
  [{ approvers: [CFO, CFO], where: { owner: 'user:carol' } }, 'nobody decides twice, nor for themselves'],
  [
    { approvers: [{ role: 'legal', who: 'human' }], where: { source: { equals: 'user:dave' } } },
    'approvers: there are too few people for legal (human)',
  ],
  [
    { approvers: ['finance'], where: { target: 'finance' } },
    'approvers: asks nobody: who works on such a task is finance and consents by asking',
  ],
  [{ approvers: ['manager', { any: 1, of: ['manager', 'legal'] }] }, 'approvers: manager is named twice'],
  [{ approvers: ['manager'], deadline_hours: 1 }, 'deadline_hours: a deadline needs escalate_to'],
  [{ approvers: ['manager'], escalate_to: ['legal'] }, 'escalate_to: an escalation needs deadline_hours'],
  [
    { approvers: ['manager'], deadline_hours: 200, escalate_to: ['legal'] },
    'deadline_hours: the request expires after 168 hours, before a deadline of 200',
  ],
  [
    { approvers: ['manager'], deadline_hours: 9, escalate_to: ['legal'], valid_for_hours: 8 },
    'deadline_hours: the request expires after 8 hours, before a deadline of 9',
  ],
  [{ approvers: ['manager'], deadline_hours: 1, escalate_to: ['nobody'] }, 'escalate_to.0: there is no role'],
])('%j cannot', (rule, message) => {
  expect(mistakesOf(rule).join('\n')).toContain(message);
});

test('without an org chart nobody has a manager', () => {
  expect(mistakesOf({ approvers: [{ 'manager-of': 'owner' }] }, LONELY)).toEqual([
    'approvers.0: nobody has a manager: no one of users in mesh.yaml says reports_to',
  ]);
});
