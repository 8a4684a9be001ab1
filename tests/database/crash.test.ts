import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseOwner } from '../../src/database/owner.ts';
import { makeConfig, query, readServerPid, start } from './support/database.ts';

test('a server that is killed fails the part, and the next start recovers what was committed', async () => {
  const config = await makeConfig();
  const first = await start(config);
  await query(config, first.port, `CREATE TABLE notes AS SELECT 'committed' AS text`);
  process.kill(await readServerPid(config), 'SIGKILL');
  await expect(first.failed).rejects.toThrow(/PostgreSQL ended with SIGKILL: .*ready to accept connections/);

  const second = await start(config);
  expect(await query(config, second.port, 'SELECT text FROM notes')).toEqual([{ text: 'committed' }]);
});

test('a lock file that names a process of another kind is no obstacle', async () => {
  const config = await makeConfig();
  const first = await start(config);
  const lock = join(config.data_dir, 'cluster/postmaster.pid');
  const lines = (await readFile(lock, 'utf8')).split('\n');
  await first.close();

  // As after a crash in a container, where the id of the server soon belongs to something else.
  const other = spawn('sleep', ['60'], await spawnOptions());
  onTestFinished(() => void other.kill());
  await writeFile(lock, [String(other.pid), ...lines.slice(1)].join('\n'));

  const second = await start(config);
  await query(config, second.port, 'SELECT');
});

test('a second server on the same data is refused', async () => {
  const config = await makeConfig();
  await start(config);
  await expect(start(config)).rejects.toThrow(/lock file "postmaster.pid" already exists/);
});

test('an interrupted initialisation is redone', async () => {
  const config = await makeConfig();
  const draft = join(config.data_dir, 'cluster.draft-killed');
  await mkdir(draft);
  await writeFile(join(draft, 'PG_VERSION'), '18\n');

  const { port } = await start(config);
  await query(config, port, 'SELECT');
  expect(await readdir(config.data_dir)).not.toContain('cluster.draft-killed');
});

test('a start that was interrupted before the database was made is completed', async () => {
  const config = await makeConfig({ database: 'first' });
  const { close } = await start(config);
  await close();
  const { port } = await start({ ...config, database: 'second', user: 'other' });
  await query({ ...config, database: 'second', user: 'other' }, port, 'CREATE TABLE notes ()');
});

async function spawnOptions() {
  const { isOther, uid, gid } = await chooseOwner();
  return isOther ? { uid, gid } : {};
}
