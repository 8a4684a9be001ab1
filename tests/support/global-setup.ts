import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startDatabase } from '../../src/database/start.ts';
import { migrate } from '../../src/store/migrations/migrate.ts';
import { adminUrl, runAsAdmin, TEMPLATE, type TestPostgres } from './postgres.ts';

/** One real PostgreSQL server for the whole run, with a migrated template that each test file clones. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gm-pg-'));
  const server = await startDatabase(
    {
      part: 'database',
      listen: { host: '127.0.0.1', port: 0 },
      data_dir: dataDir,
      database: 'mesh',
      user: 'mesh',
      password: 'test-mesh-password',
    },
    pino({ level: 'silent' }),
  );
  const tearDown = async () => {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const postgres = { socketDir: join(dataDir, 'run'), port: server.port ?? 0 };
    await runAsAdmin(postgres, `create database ${TEMPLATE}`);
    await migrate(adminUrl(postgres, TEMPLATE));
    project.provide('postgres', postgres);
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}
