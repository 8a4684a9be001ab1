import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { giveTo, type Owner } from './owner.ts';

/** `sun_path` of unix(7) has room for 107 bytes, on macOS for 103; PostgreSQL appends `/.s.PGSQL.65535`. */
const MAX_BYTES = 103 - '/.s.PGSQL.65535'.length;

/** A directory that only the owner can enter, for the socket of the superuser. */
export async function prepareSocketDir(owner: Owner, dataDir: string): Promise<string> {
  const directory = await makeDirectory(join(dataDir, 'run'));
  await chmod(directory, 0o700);
  await giveTo(owner, directory);
  return directory;
}

async function makeDirectory(wanted: string): Promise<string> {
  if (Buffer.byteLength(wanted) > MAX_BYTES) return mkdtemp(join(tmpdir(), 'goose-mesh-pg-'));
  await mkdir(wanted, { recursive: true });
  return wanted;
}
