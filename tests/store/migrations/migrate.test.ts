import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMigrationFiles } from '../../../src/store/migrations/files.ts';
import { migrate, readMigrationStatus } from '../../../src/store/migrations/migrate.ts';
import { createTestDatabase } from '../../support/postgres.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let dir: string;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  dir = await mkdtemp(join(tmpdir(), 'gm-migrations-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
  await database[Symbol.asyncDispose]();
});

const FIRST = { '0001_shelf.sql': 'create table shelf (id integer primary key);' };
const SECOND = { '0002_book.sql': 'create table book (shelf integer references shelf);' };

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, sql] of Object.entries(files)) await writeFile(join(dir, name), sql);
}

async function sql(text: string) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return client.query(text).finally(() => client.end());
}

async function tables(): Promise<readonly string[]> {
  const { rows } = await sql(`select tablename from pg_tables where schemaname = 'public' order by 1`);
  return rows.map(({ tablename }: { tablename: string }) => tablename);
}

const statesOf = (status: Awaited<ReturnType<typeof migrate>>) => status.map(({ state }) => state);

describe('migrate', () => {
  test('applies the migrations of the package to a fresh database', async () => {
    const status = await migrate(database.url);
    expect(new Set(statesOf(status))).toEqual(new Set(['applied']));
    expect(await tables()).toEqual(
      expect.arrayContaining(['events', 'sessions', 'tasks', 'approvals', 'agents']),
    );
  });

  test('does nothing the second time', async () => {
    const first = await migrate(database.url);
    expect(await migrate(database.url)).toEqual(first);
  });

  test('lets one of several at once do the work', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    for (const status of all) expect(status).toEqual(all[0]);
  });

  test('applies only what is new', async () => {
    await write(FIRST);
    await migrate(database.url, dir);
    await write(SECOND);
    expect(statesOf(await readMigrationStatus(database.url, dir))).toEqual(['applied', 'waiting']);
    expect(statesOf(await migrate(database.url, dir))).toEqual(['applied', 'applied']);
    expect(await tables()).toEqual(['book', 'goose_mesh_migrations', 'shelf']);
  });

  test('refuses a file that was edited after it was applied, and applies nothing after it', async () => {
    await write(FIRST);
    await migrate(database.url, dir);
    await write({ '0001_shelf.sql': `${FIRST['0001_shelf.sql']} -- nicer`, ...SECOND });
    await expect(migrate(database.url, dir)).rejects.toMatchObject({
      code: 'migration',
      message: 'Migration 0001_shelf.sql was edited after it was applied to this database.',
      details: { migration: '0001_shelf.sql', state: 'edited' },
    });
    expect(await tables()).not.toContain('book');
    expect(statesOf(await readMigrationStatus(database.url, dir))).toEqual(['edited', 'waiting']);
  });

  test('refuses to work when an applied file is missing', async () => {
    await write({ ...FIRST, ...SECOND });
    await migrate(database.url, dir);
    await rm(join(dir, '0001_shelf.sql'));
    await expect(migrate(database.url, dir)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining('the file is not there') as string,
    });
  });

  test('refuses a database that is newer than we are', async () => {
    await write({ ...FIRST, ...SECOND });
    await migrate(database.url, dir);
    await rm(join(dir, '0002_book.sql'));
    await expect(migrate(database.url, dir)).rejects.toMatchObject({
      code: 'migration',
      message: 'The database is newer than this goose-mesh: it has migration 0002_book.sql.',
    });
  });

  test('undoes the whole of a broken file, and keeps those before it', async () => {
    await write({ ...FIRST, '0002_broken.sql': 'create table half (); insert into nowhere values (1);' });
    await expect(migrate(database.url, dir)).rejects.toMatchObject({
      code: 'migration',
      message: 'Migration 2 (broken) failed: relation "nowhere" does not exist.',
      hint: 'Nothing of it was applied. The migrations before it are in place.',
    });
    expect(await tables()).toEqual(['goose_mesh_migrations', 'shelf']);
    await rm(join(dir, '0002_broken.sql'));
    expect(statesOf(await migrate(database.url, dir))).toEqual(['applied']);
  });

  test('goes back to waiting for a database that goes away in the middle of a file', async () => {
    await write({ '0001_suicide.sql': 'select pg_terminate_backend(pg_backend_pid());' });
    await expect(migrate(database.url, dir)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await tables()).toEqual(['goose_mesh_migrations']);
  });
});

test('the status of a database that was never migrated changes nothing in it', async () => {
  await write(FIRST);
  expect(await readMigrationStatus(database.url, dir)).toEqual([
    { version: 1, name: 'shelf', state: 'waiting', applied_at: null },
  ]);
  expect(await tables()).toEqual([]);
});

describe('files', () => {
  test.each(['1_shelf.sql', '0001-shelf.sql', '0001_Shelf.sql', '0001.sql', 'shelf.sql'])(
    'one named %s is refused',
    async (name) => {
      await write({ [name]: 'select 1;' });
      await expect(readMigrationFiles(dir)).rejects.toMatchObject({
        code: 'migration',
        message: expect.stringContaining(name) as string,
      });
    },
  );

  test('two with one number are refused', async () => {
    await write({ ...FIRST, '0001_other.sql': 'select 1;' });
    await expect(readMigrationFiles(dir)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining('has 1 twice') as string,
    });
  });

  test('others than SQL are none of ours', async () => {
    await write({ ...FIRST, 'README.md': '# Shelves' });
    expect((await readMigrationFiles(dir)).map(({ name }) => name)).toEqual(['shelf']);
  });

  test('a directory that is not there is told as such', async () => {
    await expect(migrate(database.url, join(dir, 'nowhere'))).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining('nowhere') as string,
    });
  });
});

describe('a database that cannot be used', () => {
  const at = (change: (url: URL) => void) => {
    const url = new URL(database.url.replace('@/', '@localhost/'));
    change(url);
    return url.href;
  };

  test('is told as unavailable when nobody listens', async () => {
    const url = 'postgres://mesh:secret-word@127.0.0.1:1/mesh';
    await expect(migrate(url)).rejects.toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    await expect(migrate(url)).rejects.not.toThrow(/secret-word/);
  });

  test('is told as a matter of configuration when it does not exist', async () => {
    const url = at((parts) => {
      parts.pathname = '/nowhere';
    });
    await expect(migrate(url)).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('"nowhere" does not exist') as string,
    });
  });

  test('is told as a matter of configuration when it refuses the login', async () => {
    const url = at((parts) => {
      parts.username = 'mallory';
    });
    await expect(migrate(url)).rejects.toMatchObject({ code: 'configuration' });
  });
});
