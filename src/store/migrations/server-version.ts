import { MeshError } from '../../core/errors.ts';

/** PostgreSQL below this lacks what the migrations use. */
const OLDEST_SERVER = 14;

/** Refuses a server by its `server_version_num`, such as 180001 for 18.1. Throws `environment`. */
export function requireServerVersion(versionNumber: number): void {
  const major = Math.floor(versionNumber / 10_000);
  if (major >= OLDEST_SERVER) return;
  throw new MeshError(
    'environment',
    `PostgreSQL ${OLDEST_SERVER} or newer is needed, but the server is ${major}.`,
    { hint: 'Point database.url at a newer server, or leave it out to use the bundled one.' },
  );
}
