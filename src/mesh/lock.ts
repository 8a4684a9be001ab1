import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshError } from '../core/errors.ts';
import { Holder, isAlive, thisProcess } from './holder.ts';
import { readStateFile, writeStateFile } from './state-file.ts';
import { withLock } from './with-lock.ts';

const FILE = 'lock.json';

/**
 * Lets one process at a time change a mesh: two would take each other's half-made containers for remains. The lock
 * of a process that has died counts for nothing.
 *
 * @throws MeshError conflict: another process has it
 */
export async function lockMesh(stateDir: string): Promise<AsyncDisposable> {
  const path = join(stateDir, FILE);
  // Looking and taking are one step: of two that find the lock of a dead process, the second finds that of the first.
  await withLock(`${path}.taking`, async () => {
    const holder = await readHolder(path);
    if (holder !== undefined && (await isAlive(holder))) throw isTaken(holder);
    await writeStateFile(path, await thisProcess());
  });
  return {
    async [Symbol.asyncDispose]() {
      // Unless it went with the whole folder, and somebody has made another since.
      if ((await readHolder(path))?.pid === process.pid) await rm(path, { force: true });
    },
  };
}

function isTaken({ pid }: Holder): MeshError {
  return new MeshError('conflict', `Process ${pid} is just bringing this mesh up or down.`, {
    hint: `Wait until it is done, or end it: kill ${pid}`,
  });
}

function readHolder(path: string): Promise<Holder | undefined> {
  return readStateFile(path, Holder, { hint: `Remove it if no goose-mesh command is running: rm ${path}` });
}
