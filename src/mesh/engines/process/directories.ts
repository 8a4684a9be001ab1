import { chmod, lstat, mkdir } from 'node:fs/promises';
import { MeshError } from '../../../core/errors.ts';
import type { Place } from './place.ts';

/**
 * Makes the directories of a mesh. They are for this user alone; only root's let others pass on the way to the
 * data, since PostgreSQL runs as another user then.
 */
export async function makeDirectories(place: Place): Promise<void> {
  const passage = process.getuid?.() === 0 ? 0o711 : 0o700;
  for (const directory of [place.stateDir, place.dataDir]) {
    await mkdir(directory, { recursive: true, mode: passage });
    await chmod(directory, passage);
  }
  for (const directory of [place.logDir, place.socketDir, place.memoryDir]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  await checkPrivate(place.socketDir);
  await checkPrivate(place.memoryDir);
}

/** Where all may write, another user may have made the directory first, to listen in. */
async function checkPrivate(directory: string): Promise<void> {
  const found = await lstat(directory);
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return;
  throw new MeshError('environment', `${directory} is not a directory that only this user can enter.`, {
    hint: `Remove it, or make it so: chmod 700 ${directory}`,
  });
}
