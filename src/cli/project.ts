import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MeshError } from '../core/errors.ts';
import type { EngineName } from '../mesh/engine.ts';
import { loadMeshFile, type MeshSpec } from '../mesh/mesh-file.ts';
import { requireModel } from '../mesh/model.ts';
import { meshStateDir } from '../mesh/state-dir.ts';

/** Options that choose and change a mesh; commands share them. */
export interface ProjectOptions {
  readonly dir: string;
  readonly file?: string;
  readonly engine?: EngineName | 'auto';
  readonly model?: string;
}

export interface Project {
  readonly spec: MeshSpec;
  readonly stateDir: string;
}

/** Reads the mesh of a folder, which must be there; what the command line says wins over what the file says. */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const dir = resolve(options.dir);
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new MeshError('usage', `There is no folder ${dir}.`);
  const read = await loadMeshFile(dir, options.file === undefined ? undefined : resolve(dir, options.file));
  const spec = {
    ...read,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.model === undefined ? {} : { model: requireModel(options.model) }),
  };
  return { spec, stateDir: meshStateDir(spec.name) };
}

/** Days after which sessions that nobody touched expire: the environment, the file, or 30. */
export function retentionDays({ spec }: Project, env: NodeJS.ProcessEnv): number {
  const text = env['SESSION_RETENTION_DAYS'];
  if (text === undefined || text === '') return spec.session_retention_days ?? 30;
  const days = Number(text);
  if (days > 0 && days <= 3650) return days;
  throw new MeshError(
    'configuration',
    `SESSION_RETENTION_DAYS must be a number of days up to 3650, found ${JSON.stringify(text)}.`,
  );
}
