import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The process id in a lock file that a killed server left behind, if a live process has it now that is not a
 * server of this cluster. PostgreSQL refuses to start while the process of its lock file lives, whatever that
 * process is; in a container, where the same few ids come back after each restart, that is soon one of ours.
 *
 * Undefined also where there is no /proc to look into: PostgreSQL then judges alone.
 */
export async function findStaleHolder(cluster: string): Promise<string | undefined> {
  const lock = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const holder = /^\d+$/m.exec(lock)?.[0];
  if (holder === undefined || process.platform !== 'linux') return undefined;
  // Every process of a server works in its cluster. The link of a zombie, or of another user's, cannot be read.
  const workingDir = await readlink(`/proc/${holder}/cwd`).catch(() => undefined);
  return workingDir === (await realpath(cluster)) ? undefined : holder;
}
