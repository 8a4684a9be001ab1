import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshError } from '../core/errors.ts';
import { Holder, isAlive, thisProcess } from './holder.ts';
import { readStateFile } from './state-file.ts';

const FILE = 'lock.json';

/**
 * Lets one process at a time change a mesh: two would take each other's half-made containers for remains. The lock
 * of a process that has died counts for nothing.
 *
 * @throws MeshError conflict: another process has it
 */
export async function lockMesh(stateDir: string): Promise<AsyncDisposable> {
  const path = join(stateDir, FILE);
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(await thisProcess()), { mode: 0o600 });
  try {
    // A link fails if there is one already, and is there with its whole content at once.
    while (!(await tryLink(draft, path))) await removeDead(path);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async [Symbol.asyncDispose]() {
      // Unless it went with the whole folder, and somebody has made another since.
      if ((await readHolder(path))?.pid === process.pid) await rm(path, { force: true });
    },
  };
}

async function removeDead(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder === undefined) return;
  if (await isAlive(holder)) {
    throw new MeshError('conflict', `Process ${holder.pid} is just bringing this mesh up or down.`, {
      hint: `Wait until it is done, or end it: kill ${holder.pid}`,
    });
  }
  // Moved and looked at again: somebody may have removed the dead one's already and put their own there.
  const moved = `${path}.${randomUUID()}`;
  await rename(path, moved).catch(ignoreMissing);
  const taken = await readHolder(moved);
  if (taken !== undefined && (await isAlive(taken))) await tryLink(moved, path);
  await rm(moved, { force: true });
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): Promise<Holder | undefined> {
  return readStateFile(path, Holder, { hint: `Remove it if no goose-mesh command is running: rm ${path}` });
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
