import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMeshFile } from '../../src/mesh/mesh-file.ts';
import { makeFolder, writeTree } from './docker/support/tree.ts';

test('a project without a file has defaults, but a file that was named must be there', async () => {
  const folder = await makeFolder();
  expect(await loadMeshFile(folder)).toMatchObject({ engine: 'auto', agents: [{}, {}, {}] });
  await expect(loadMeshFile(folder, join(folder, 'meshh.yaml'))).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringContaining('meshh.yaml') as unknown,
  });
});

test.each([
  ['two people of one name', 'users: [{ name: a }, { name: a }]', ':1:30: users.1.name: there is another a'],
  [
    'a manager who is not there',
    'users: [{ name: alice }, { name: bob, reports_to: alcie }]',
    ':1:51: users.1.reports_to: there is no person "alcie" (did you mean "alice"?); there are alice, bob',
  ],
  [
    'a database that is no PostgreSQL',
    'database: { url: mysql://h/d }',
    ':1:18: database.url: expected a URL such as',
  ],
  ['no replica at all', 'agents: [{ role: legal, replicas: 0 }]', ':1:35: agents.0.replicas: '],
  ['too many replicas', 'agents: [{ role: legal, replicas: 21 }]', ':1:35: agents.0.replicas: '],
  [
    'an agent with the name of a replica',
    'agents: [{ role: legal, replicas: 2 }, { role: hr, name: legal-2 }]',
    'every agent needs a name of its own, replicas included: legal-2 is there twice',
  ],
  [
    'a rule that takes more than linear time',
    "guard: { rules: [{ name: r, kind: ACCOUNT, pattern: '(a)\\1' }] }",
    ':1:53: guard.rules.0.pattern: a pattern of RE2 was expected',
  ],
  [
    'a value both allowed and denied',
    'guard: { allow: [Acme], deny: [acme] }',
    ':1:32: guard.deny.0: the same value stands under allow',
  ],
  ['a database URL that does not parse', "database: { url: 'postgres://u:s#cret@h/d' }", 'percent-encoded'],
])('%s is a mistake, told where it stands', async (_what, text, message) => {
  const folder = await makeFolder();
  await writeTree(folder, { 'mesh.yaml': text });
  const loading = loadMeshFile(folder);
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.not.toThrow('cret');
});

test.each([
  'postgres://u:p%23@h:1/d?sslmode=require',
  'postgresql:///d?host=/run',
  'postgres://u@/d?host=/run',
])('a database may be given as %s', async (url) => {
  const folder = await makeFolder();
  await writeTree(folder, { 'mesh.yaml': `database: { url: '${url}' }` });
  expect((await loadMeshFile(folder)).database.url).toBe(url);
});

test('an agent with replicas is as many agents, of which all but the first are numbered', async () => {
  const folder = await makeFolder();
  const text =
    'agents: [{ role: finance, replicas: 3 }, { role: legal, name: legal-eu, replicas: 2 }, { role: hr }]';
  await writeTree(folder, { 'mesh.yaml': text });
  expect((await loadMeshFile(folder)).agents).toEqual([
    { role: 'finance', name: 'finance' },
    { role: 'finance', name: 'finance-2' },
    { role: 'finance', name: 'finance-3' },
    { role: 'legal', name: 'legal-eu' },
    { role: 'legal', name: 'legal-eu-2' },
    { role: 'hr', name: 'hr' },
  ]);
});
