import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** The server of the test run, as its superuser reaches it. */
export interface TestPostgres {
  readonly socketDir: string;
  readonly port: number;
}

export const TEMPLATE = 'gm_template';

export function adminUrl({ socketDir, port }: TestPostgres, database: string): string {
  return `postgres://mesh_superuser@/${database}?host=${encodeURIComponent(socketDir)}&port=${port}`;
}

export async function runAsAdmin(postgres: TestPostgres, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl(postgres, 'postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A database of the caller's own: migrated, or empty. */
export async function createTestDatabase(options: { empty?: boolean } = {}) {
  const postgres = inject('postgres');
  const name = `gm_${randomBytes(6).toString('hex')}`;
  await runAsAdmin(
    postgres,
    `create database ${name} template ${options.empty === true ? 'template0' : TEMPLATE}`,
  );
  return {
    url: adminUrl(postgres, name),
    [Symbol.asyncDispose]: () => runAsAdmin(postgres, `drop database ${name} with (force)`),
  };
}
