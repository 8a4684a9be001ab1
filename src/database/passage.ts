import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshError } from '../core/errors.ts';
import type { Owner } from './owner.ts';

/** Refuses a directory that the owner cannot reach, naming the directory that stops it. */
export async function checkPassage(owner: Owner, directory: string): Promise<void> {
  const barrier = await findBarrier(owner, directory);
  if (barrier === undefined) return;
  throw new MeshError(
    'environment',
    `PostgreSQL runs as user id ${owner.uid}, which cannot pass ${barrier} to reach its data in ${directory}.`,
    {
      hint: `Allow it with "chmod o+x ${barrier}", or set GOOSE_MESH_STATE to a directory that is open to it.`,
    },
  );
}

/**
 * The topmost directory that the owner cannot pass on the way to and into this one. Judged by the mode bits: this
 * is asked by root, whom nothing stops.
 */
export async function findBarrier(owner: Owner, directory: string): Promise<string | undefined> {
  if (!owner.isOther) return undefined;
  for (const path of listAncestors(await realpath(directory))) {
    const { uid, gid, mode } = await stat(path);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return path;
  }
  return undefined;
}

/** From the root down to the directory itself. */
function listAncestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...listAncestors(parent), directory];
}
