import { expect, test } from 'vitest';
import { loadPolicies } from '../../src/mesh/policies.ts';
import { makeFolder, writeTree } from './docker/support/tree.ts';

const DECIDERS = {
  roles: ['finance', 'manager', 'legal'],
  agentRoles: ['finance', 'manager', 'legal'],
  people: [
    { name: 'alice', roles: ['manager'], away: [], owns: [] },
    { name: 'bob', roles: [], away: [], owns: [] },
  ],
};

async function loadFrom(files: Readonly<Record<string, string>>) {
  const folder = await makeFolder();
  await writeTree(
    folder,
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`policies/${name}.yaml`, text])),
  );
  return loadPolicies(folder, DECIDERS);
}

const BASE = 'version: 3\ncurrency: EUR\nrules: [{ id: big, over: 100, approvers: [manager] }]\n';

test('the files of the folder are one policy, instead of those of the package', async () => {
  const policy = await loadFrom({
    a: 'rules:\n  - id: travel\n    types: [travel]\n    approvers: [legal]\ndeputies: { alice: bob }\n',
    b: BASE,
  });
  expect(policy).toMatchObject({
    version: 3,
    currency: 'EUR',
    valid_for_hours: 168,
    deputies: { alice: 'bob' },
  });
  expect(policy.rules.map(({ id }) => id)).toEqual(['travel', 'big']);
  const ofPackage = await loadPolicies(await makeFolder(), DECIDERS);
  expect(ofPackage.rules.map(({ id }) => id)).toEqual(['over-10k', 'over-50k']);
});

test.each([
  [
    'a second rule of one id',
    { a: BASE, b: 'rules: [{ id: big, approvers: [legal] }]' },
    /b\.yaml:1:15: rules\.0\.id: there is another rule big in .*a\.yaml/,
  ],
  [
    'the same id twice',
    { a: `${BASE.trim().slice(0, -1)}, { id: big, approvers: [legal] }]` },
    /rules\.1\.id: there is another rule big/,
  ],
  [
    'another currency',
    { a: BASE, b: 'currency: USD\nrules: []' },
    /b\.yaml:1:11: currency: another file of policies\/ says EUR/,
  ],
  ['another version', { a: BASE, b: 'version: 4\nrules: []' }, /version: another file of policies\/ says 3/],
  ['no version', { a: 'currency: EUR\nrules: []' }, /a\.yaml:1:1: the file: version is missing/],
  [
    'a deputy who is nobody',
    { a: `${BASE}deputies: { alice: rob }` },
    /deputies\.alice: there is no person "rob" \(did you mean "bob"\?\)/,
  ],
  [
    'a rule that can never be satisfied',
    {
      a: 'version: 1\ncurrency: EUR\nrules:\n  - id: x\n    approvers:\n      - any: 3\n        of: [manager, legal]\n',
    },
    /a\.yaml:6:14: rules\.0\.approvers\.0\.any: rule x: any 3 of 2 can never/,
  ],
  [
    'a field that there is not',
    { a: 'version: 1\ncurrency: EUR\nrules: [{ id: x, where: { amount: 1 }, approvers: [legal] }]' },
    /where\.amount: there is no field "amount" to ask for/,
  ],
  [
    'an approver with a slip',
    {
      a: 'version: 1\ncurrency: EUR\nrules:\n  - id: x\n    approvers:\n      - role: legal\n        who: humans\n',
    },
    /a\.yaml:7:14: rules\.0\.approvers\.0\.who: Invalid option/,
  ],
  [
    'an approver with another key',
    {
      a: 'version: 1\ncurrency: EUR\nrules:\n  - id: x\n    approvers:\n      - role: legal\n        wo: human\n',
    },
    /a\.yaml:6:9: rules\.0\.approvers\.0 does not take "wo"/,
  ],
  [
    'a comparison that says nothing',
    { a: 'version: 1\ncurrency: EUR\nrules: [{ id: x, where: { data.a: {} }, approvers: [legal] }]' },
    /expected at least one of equals, one_of/,
  ],
])('%s is refused, with its place', async (_what, files, message) => {
  await expect(loadFrom(files)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringMatching(message) as unknown,
  });
});
