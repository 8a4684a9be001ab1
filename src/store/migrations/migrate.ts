import pg from 'pg';
import { isMeshError, MeshError, messageOf } from '../../core/errors.ts';
import type { MigrationStatus } from '../../core/migration.ts';
import { toStoreError } from '../errors.ts';
import { types } from '../types.ts';
import { MIGRATIONS_DIR, type MigrationFile, readMigrationFiles } from './files.ts';
import { requireServerVersion } from './server-version.ts';
import { type AppliedMigration, compareMigrations, refuseMismatch } from './status.ts';

/** Key of the advisory lock that lets one migrator work at a time. Any constant that nobody else uses. */
const LOCK_KEY = 7_301_846_512;

/**
 * Applies what is not applied yet, each file in a transaction of its own, and gives the status afterwards.
 *
 * Refuses, changing nothing, when an applied file was edited or is missing, or when the database is newer than
 * this version of goose-mesh. Concurrent calls queue up on an advisory lock.
 *
 * @throws MeshError migration, database_unavailable, environment (server too old)
 */
export async function migrate(url: string, dir = MIGRATIONS_DIR): Promise<readonly MigrationStatus[]> {
  const files = await readMigrationFiles(dir);
  return withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(`
      create table if not exists goose_mesh_migrations (
        version    integer primary key,
        name       text not null,
        checksum   text not null,
        applied_at timestamptz not null default now()
      )`);
    const before = compareMigrations(files, await readApplied(client));
    refuseMismatch(before);
    for (const file of files) {
      if (before.some(({ version, state }) => version === file.version && state === 'waiting')) {
        await apply(client, file);
      }
    }
    return compareMigrations(files, await readApplied(client));
  });
}

/** What is applied, waiting, edited, missing or unknown to this version. Changes nothing. */
export async function readMigrationStatus(
  url: string,
  dir = MIGRATIONS_DIR,
): Promise<readonly MigrationStatus[]> {
  const files = await readMigrationFiles(dir);
  return withClient(url, async (client) => compareMigrations(files, await readApplied(client)));
}

async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  await client.query('begin');
  try {
    // The row comes first, so that a second migrator without the lock clashes on the key before it changes anything.
    await client.query('insert into goose_mesh_migrations (version, name, checksum) values ($1, $2, $3)', [
      file.version,
      file.name,
      file.checksum,
    ]);
    await client.query(file.sql);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    const known = toStoreError(error);
    if (isMeshError(known)) throw known;
    throw new MeshError(
      'migration',
      `Migration ${file.version} (${file.name}) failed: ${messageOf(error)}.`,
      {
        hint: 'Nothing of it was applied. The migrations before it are in place.',
        cause: error,
      },
    );
  }
}

async function readApplied(client: pg.Client): Promise<readonly AppliedMigration[]> {
  const known = await client.query<{ known: boolean }>(
    `select to_regclass('goose_mesh_migrations') is not null as known`,
  );
  if (known.rows[0]?.known !== true) return [];
  const result = await client.query<AppliedMigration>('select * from goose_mesh_migrations order by version');
  return result.rows;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    application_name: 'goose-mesh migrate',
    options: '-c timezone=UTC',
    types,
  });
  // What breaks the connection is told by the statement that it breaks; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    requireServerVersion(await readServerVersion(client));
    return await work(client);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readServerVersion(client: pg.Client): Promise<number> {
  const result = await client.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  );
  return Number(result.rows[0]?.version);
}
