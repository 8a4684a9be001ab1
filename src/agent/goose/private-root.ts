import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gooseState } from '../../core/goose-state.ts';

/**
 * Where the Goose of one session keeps its conversation, apart from all others, so that it can be removed: Goose 1.52
 * gives the id of a conversation that it deleted to the next one. What it keeps as state lies with that of the agent,
 * since that alone is in memory.
 */
export const privateRootOf = (dataDir: string, sessionId: string): string =>
  join(privateRoots(dataDir), sessionId);

const privateStateOf = (dataDir: string, sessionId: string): string =>
  join(gooseState(dataDir), 'ephemeral', sessionId);

/** Holds one root for each session that has one. */
export const privateRoots = (dataDir: string): string => join(dataDir, 'ephemeral');

/** Makes the root of a session, or what is missing of it: what was in memory may be gone. */
export async function makePrivateRoot(dataDir: string, sessionId: string): Promise<string> {
  const root = privateRootOf(dataDir, sessionId);
  const state = privateStateOf(dataDir, sessionId);
  for (const directory of [root, state]) await mkdir(directory, { recursive: true, mode: 0o700 });
  await rm(gooseState(root), { force: true });
  await symlink(state, gooseState(root));
  return root;
}

/** Removes the root of a session with all that is in it, if it has one. */
export async function removePrivateRoot(dataDir: string, sessionId: string): Promise<void> {
  await rm(privateStateOf(dataDir, sessionId), { recursive: true, force: true });
  await rm(privateRootOf(dataDir, sessionId), { recursive: true, force: true });
}
