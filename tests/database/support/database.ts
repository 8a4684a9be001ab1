import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { DatabaseConfig } from '../../../src/core/config.ts';
import { startDatabase } from '../../../src/database/start.ts';

/** A directory that others can pass, as PostgreSQL's user must, and that is gone after the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'gm-database-'));
  await chmod(directory, 0o711);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function makeConfig(overrides: Partial<DatabaseConfig> = {}): Promise<DatabaseConfig> {
  return {
    part: 'database',
    listen: { host: '127.0.0.1', port: 0 },
    data_dir: overrides.data_dir ?? (await makeDirectory()),
    database: 'mesh',
    user: 'controller',
    password: randomBytes(16).toString('hex'),
    ...overrides,
  };
}

/** Starts the part and closes it after the test, if the test has not; the log is kept as lines. */
export async function start(config: DatabaseConfig) {
  const log: string[] = [];
  const part = await startDatabase(config, pino({ level: 'info' }, { write: (line) => log.push(line) }));
  onTestFinished(() => part.close());
  return { failed: part.failed, port: part.port ?? 0, log, close: () => part.close() };
}

/** Logs in over TCP as the configuration says, unless told otherwise, and runs one statement. */
export async function query(
  config: DatabaseConfig,
  port: number,
  sql: string,
  login: { user?: string; password?: string; database?: string; host?: string } = {},
): Promise<readonly Record<string, unknown>[]> {
  const { user, password, database } = config;
  const client = new Client({ host: '127.0.0.1', port, user, password, database, ...login });
  // A server that is killed ends the connection too; the query says so.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

export async function readServerPid({ data_dir }: DatabaseConfig): Promise<number> {
  return Number.parseInt(await readFile(join(data_dir, 'cluster/postmaster.pid'), 'utf8'), 10);
}
