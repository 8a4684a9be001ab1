import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Name } from '../core/identity.ts';
import { ENGINE_NAMES } from '../mesh/engine.ts';

/** What later commands must know about a mesh that was brought up. Holds no secrets. */
const MeshRecord = z.object({
  mesh: Name,
  engine: z.enum(ENGINE_NAMES),
  model: z.string(),
  project: z.string(),
});
export type MeshRecord = z.infer<typeof MeshRecord>;

const FILE = 'mesh.json';

export async function writeMeshRecord(stateDir: string, record: MeshRecord): Promise<void> {
  await writeFile(join(stateDir, FILE), JSON.stringify(record, null, 2), { mode: 0o600 });
}

/** Undefined: the mesh is not up, or was not brought up from here. */
export async function readMeshRecord(stateDir: string): Promise<MeshRecord | undefined> {
  const text = await readFile(join(stateDir, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return MeshRecord.safeParse(JSON.parse(text)).data;
}

export async function removeMeshRecord(stateDir: string): Promise<void> {
  await rm(join(stateDir, FILE), { force: true });
}
