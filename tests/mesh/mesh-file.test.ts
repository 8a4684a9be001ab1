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
