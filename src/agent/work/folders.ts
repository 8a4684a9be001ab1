import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig } from '../../core/config.ts';
import { privateRoots, removePrivateRoot } from '../goose/private-root.ts';

type Place = Pick<AgentConfig, 'data_dir'>;

const root = ({ data_dir }: Place): string => join(data_dir, 'work');

/** Where Goose works for a session, and keeps what it writes. */
export const folderOf = (place: Place, sessionId: string): string => join(root(place), sessionId);

/** The sessions that have something here; some may have ended while no agent was there. */
export async function listFolders(place: Place): Promise<ReadonlySet<string>> {
  const roots = [root(place), privateRoots(place.data_dir)];
  const folders = await Promise.all(roots.map((folder) => readdir(folder).catch(() => [])));
  return new Set(folders.flat());
}

/** Removes all that is here of a session. */
export async function removeFolders(place: Place, sessionId: string): Promise<void> {
  await rm(folderOf(place, sessionId), { recursive: true, force: true });
  await removePrivateRoot(place.data_dir, sessionId);
}
