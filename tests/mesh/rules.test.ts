import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMeshFile } from '../../src/mesh/mesh-file.ts';
import { loadRules, type Rules } from '../../src/mesh/rules.ts';
import { makeFolder, writeTree } from './docker/support/tree.ts';

async function loadRulesOf(files: Readonly<Record<string, string>>): Promise<Rules> {
  const folder = await makeFolder();
  await writeTree(folder, files);
  return loadRules(await loadMeshFile(folder));
}

const POLICY = (approver: string) =>
  `version: 1\ncurrency: USD\nrules: [{ id: all, over: 0, approvers: [${approver}] }]\n`;

test.each([['finance'], ['legal'], ['manager, finance']])(
  'the rules of the package fit a mesh of %s alone',
  async (agents) => {
    const { profiles } = await loadRulesOf({
      'mesh.yaml': `agents: [${agents.replaceAll(/\w+/g, '{ role: $& }')}]`,
    });
    expect(profiles.map(({ role }) => role).join(', ')).toBe(agents);
  },
);

test.each([
  [
    'of a person',
    { 'mesh.yaml': 'users: [{ name: alice, roles: [manger] }]' },
    'users: alice: there is no role "manger" (did you mean "manager"?); there are finance, legal, manager',
  ],
  [
    'among the time-outs',
    { 'mesh.yaml': "session_timeouts: { '*': { paused_hours: 1 }, legl: { paused_hours: 1 } }" },
    'session_timeouts: there is no role "legl" (did you mean "legal"?)',
  ],
  [
    'in the approval policy',
    { 'policies/approvals.yaml': POLICY('manger') },
    'approvals.yaml:3:41: rules.0.approvers.0: rule all: there is no role "manger" (did you mean "manager"?)',
  ],
  [
    'among the targets of a profile',
    {
      'profiles/legal.yaml':
        'role: legal\nversion: 1\ndisplay_name: L\ndescription: L\npolicies:\n  targets: [finanse]\n',
    },
    'legal.yaml:6:13: policies.targets.0.role: there is no role "finanse" (did you mean "finance"?)',
  ],
])('a role that does not exist is refused %s', async (_where, files, message) => {
  await expect(loadRulesOf(files)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringContaining(message) as unknown,
  });
});

test('a role that only people have needs no profile', async () => {
  const { approvals } = await loadRulesOf({
    'mesh.yaml': 'users: [{ name: carol, roles: [cfo] }]',
    [join('policies', 'approvals.yaml')]: POLICY('cfo'),
  });
  expect(approvals.rules).toMatchObject([{ approvers: ['cfo'] }]);
});

const LEGAL = (policies: string) => ({
  'profiles/legal.yaml': `role: legal\nversion: 1\ndisplay_name: L\ndescription: L\npolicies: { ${policies} }\n`,
});

test.each([
  ['targets: [{ role: finance, types: [Any Thing] }]', 'targets.0.types.0: expected lower-case words'],
  ['targets: [{ role: finance, type: [a] }]', 'targets.0 does not take "type" (did you mean "types"?)'],
  ['accepts: [7]', 'accepts.0: Invalid input: expected string'],
])('a profile that says %s is refused', async (policies, message) => {
  await expect(loadRulesOf(LEGAL(policies))).rejects.toThrow(`:5:`);
  await expect(loadRulesOf(LEGAL(policies))).rejects.toThrow(`policies.${message}`);
});
