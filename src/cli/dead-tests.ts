import { readdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAlive } from '../mesh/holder.ts';
import { meshesDir, meshStateDir } from '../mesh/state-dir.ts';
import { makeEngine } from './choose-engine.ts';
import { type MeshRecord, readMeshRecord } from './mesh-record.ts';

/**
 * Removes the meshes of tests whose process was killed, and gives their names. Containers live on without it, and
 * nobody else knows of them. What cannot be removed now, since Docker is away, is left for the next time.
 */
export async function removeDeadTests(): Promise<readonly string[]> {
  const names = await readdir(meshesDir()).catch(() => []);
  const removed = await Promise.all(names.map((name) => removeIfDead(meshStateDir(name))));
  return removed.filter((name) => name !== undefined);
}

async function removeIfDead(stateDir: string): Promise<string | undefined> {
  const record = await readMeshRecord(stateDir).catch(() => undefined);
  if (record?.tied_to === undefined || (await isAlive(record.tied_to))) return undefined;
  return (await tryToRemove(record, stateDir)) ? basename(stateDir) : undefined;
}

async function tryToRemove({ engine: name, mesh }: MeshRecord, stateDir: string): Promise<boolean> {
  try {
    const engine = await makeEngine(name, mesh, stateDir, { tied: false });
    await engine.down({ volumes: true });
    await rm(stateDir, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
