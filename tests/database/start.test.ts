import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { choosePort } from '../../src/database/port.ts';
import { SUPERUSER } from '../../src/database/settings.ts';
import { makeConfig, makeDirectory, query, start } from './support/database.ts';

// https://www.postgresql.org/docs/18/errcodes-appendix.html: cannot_connect_now
const STARTING_UP = '57P03';

test('the user owns its database and nothing else', async () => {
  const config = await makeConfig();
  const { port } = await start(config);

  await query(config, port, 'CREATE TABLE notes (text text)');
  const [role] = await query(config, port, 'SELECT * FROM pg_roles WHERE rolname = current_user');
  expect(role).toMatchObject({
    rolsuper: false,
    rolcreatedb: false,
    rolcreaterole: false,
    rolbypassrls: false,
  });
  await expect(query(config, port, 'SELECT', { database: 'postgres' })).rejects.toThrow(
    /no pg_hba.conf entry/,
  );
});

test('texts are UTF-8 and sorted the same on every machine', async () => {
  const config = await makeConfig();
  const { port } = await start(config);
  expect(await query(config, port, `SELECT upper('é') AS upper, 'a' < 'B' AS by_language`)).toEqual([
    { upper: 'É', by_language: false },
  ]);
});

test('a wrong password and the superuser are refused over TCP', async () => {
  const config = await makeConfig();
  const { port } = await start(config);
  await expect(query(config, port, 'SELECT', { password: 'wrong' })).rejects.toThrow(
    /password authentication failed/,
  );
  const superuser = { user: SUPERUSER, password: 'whatever' };
  await expect(query(config, port, 'SELECT', superuser)).rejects.toThrow(/no pg_hba.conf entry/);
});

test('a new server knows its user from the first moment that it listens', async () => {
  const port = await choosePort({ host: '127.0.0.1', port: 0 });
  const config = await makeConfig({ listen: { host: '127.0.0.1', port } });
  const starting = start(config);

  const answers = new Set<string>();
  for (let answer = ''; answer !== 'welcome'; answers.add(answer)) {
    answer = await query(config, port, 'SELECT').then(() => 'welcome', codeOf);
  }
  await starting;

  const refusals = [...answers].filter((answer) => /^[0-9A-Z]{5}$/.test(answer));
  expect(refusals.filter((code) => code !== STARTING_UP)).toEqual([]);
});

test('the superuser comes over the private socket, other users do not', async () => {
  const config = await makeConfig();
  const { port } = await start(config);
  const host = join(config.data_dir, 'run');
  const superuser = { host, user: SUPERUSER, database: 'postgres' };
  expect(await query(config, port, 'SELECT current_user AS me', superuser)).toEqual([{ me: SUPERUSER }]);
  await expect(query(config, port, 'SELECT', { host })).rejects.toThrow(/no pg_hba.conf entry/);
  expect((await stat(host)).mode & 0o777).toBe(0o700);
});

test('data outlives a restart, and a password changed meanwhile is the one that counts', async () => {
  const before = await makeConfig();
  const first = await start(before);
  await query(before, first.port, `CREATE TABLE notes AS SELECT 'kept' AS text`);
  await first.close();

  const after = await makeConfig({ data_dir: before.data_dir });
  const second = await start(after);
  expect(await query(after, second.port, 'SELECT text FROM notes')).toEqual([{ text: 'kept' }]);
  await expect(query(before, second.port, 'SELECT')).rejects.toThrow(/password authentication failed/);
});

test('no password is in a file in plain text', async () => {
  const config = await makeConfig();
  const { close } = await start(config);
  await close();
  for (const entry of await readdir(config.data_dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    expect(bytes.includes(config.password), entry.name).toBe(false);
  }
});

test('data in a statement that fails does not get into the log', async () => {
  const config = await makeConfig();
  const { port, log, close } = await start(config);
  await query(config, port, 'CREATE TABLE people (email text PRIMARY KEY)');
  await query(config, port, `INSERT INTO people VALUES ('jane@acme.example')`);
  await expect(query(config, port, `INSERT INTO people VALUES ('jane@acme.example')`)).rejects.toThrow();
  await expect(query(config, port, `SELECT 'jane@acme.example'::int`)).rejects.toThrow();
  await close();
  expect(log.join('')).toContain('ready to accept connections');
  expect(log.join('')).not.toContain('jane');
});

test('a path too long for a socket is no obstacle', async () => {
  const config = await makeConfig({ data_dir: join(await makeDirectory(), 'x'.repeat(100), 'data') });
  const { port } = await start(config);
  await query(config, port, 'SELECT');
});

test('a port in use is named', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  onTestFinished(() => void blocker.close());
  const address = blocker.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await expect(start(await makeConfig({ listen: { host: '127.0.0.1', port } }))).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringMatching(`port ${port}: .*EADDRINUSE`) as unknown,
  });
});

test('data of another major version is refused with both versions', async () => {
  const config = await makeConfig();
  const { close } = await start(config);
  await close();
  await writeFile(join(config.data_dir, 'cluster/PG_VERSION'), '17\n');
  await expect(start(config)).rejects.toThrow(/of PostgreSQL 17, but this is PostgreSQL 18/);
});

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
