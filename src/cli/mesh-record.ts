import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Name } from '../core/identity.ts';
import { ENGINE_NAMES } from '../mesh/engine.ts';
import { Holder } from '../mesh/holder.ts';
import { readStateFile, writeStateFile } from '../mesh/state-file.ts';

/** What later commands must know about a mesh that was, or is just being, brought up. Holds no secrets. */
const MeshRecord = z.object({
  mesh: Name,
  engine: z.enum(ENGINE_NAMES),
  /** `starting`: an `up` is under way, or was killed. */
  state: z.enum(['starting', 'up']).default('up'),
  model: z.string(),
  project: z.string(),
  /** The process that the mesh ends with, as the one of a test does. */
  tied_to: Holder.optional(),
});
export type MeshRecord = z.infer<typeof MeshRecord>;

const FILE = 'mesh.json';

export async function writeMeshRecord(stateDir: string, record: MeshRecord): Promise<void> {
  await writeStateFile(join(stateDir, FILE), record);
}

/** Undefined: the mesh is not up, or was not brought up from here. */
export function readMeshRecord(stateDir: string): Promise<MeshRecord | undefined> {
  return readStateFile(join(stateDir, FILE), MeshRecord, {
    hint: 'Remove it, and then what is left of the mesh with `goose-mesh down`, which finds that by itself.',
  });
}

export async function removeMeshRecord(stateDir: string): Promise<void> {
  await rm(join(stateDir, FILE), { force: true });
}
