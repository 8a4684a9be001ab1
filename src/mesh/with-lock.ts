import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../core/errors.ts';
import { watchDirectory } from './watch-directory.ts';

/** Whoever holds a lock that long has died. */
const STALE_MS = 5_000;

/** Runs a short action while no other process runs one under the same lock file. */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  while (!(await acquire(file)));
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

/** False if it is worth another try: whoever had it has released it, or has died. */
async function acquire(file: string): Promise<boolean> {
  // Watched before trying, so that a release in between is not missed.
  using changes = watchDirectory(dirname(file), AbortSignal.timeout(STALE_MS));
  try {
    await writeFile(file, '', { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const hasChanged = await changes.next();
  if (!hasChanged) await rm(file, { force: true });
  return false;
}
