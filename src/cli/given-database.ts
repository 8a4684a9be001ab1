import { isMeshError, MeshError, messageOf } from '../core/errors.ts';
import { describeDatabase } from '../mesh/database-url.ts';
import { readMigrationStatus } from '../store/migrations/migrate.ts';
import { refuseMismatch } from '../store/migrations/status.ts';

/**
 * Makes sure that a database that was given answers and fits. A controller would wait for it, and whoever waits for
 * the controller would not learn for what.
 *
 * @throws MeshError database_unavailable, configuration (login), environment (server too old), migration
 */
export async function checkDatabase(url: string): Promise<void> {
  refuseMismatch(await askDatabase(url, readMigrationStatus));
}

/** Asks a database that was given, so that errors name it. */
export async function askDatabase<T>(url: string, ask: (url: string) => Promise<T>): Promise<T> {
  try {
    return await ask(url);
  } catch (error) {
    const { code, hint } = isMeshError(error) ? error : { code: 'environment' as const, hint: undefined };
    throw new MeshError(code, `${describeDatabase(url)}: ${messageOf(error)}`, {
      // The store's own hint is for a controller, which goes on by itself.
      hint:
        code === 'database_unavailable'
          ? 'Is PostgreSQL running there, and may this machine connect to it?'
          : hint,
      cause: error,
    });
  }
}
