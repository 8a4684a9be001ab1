import { isMeshError } from '../core/errors.ts';
import type { Engine, EngineName } from '../mesh/engine.ts';
import { connectDocker } from '../mesh/engines/docker/connect.ts';
import { createDockerEngine } from '../mesh/engines/docker/engine.ts';
import { createProcessEngine } from '../mesh/engines/process/engine.ts';
import type { MeshSpec } from '../mesh/mesh-file.ts';
import type { Project } from './project.ts';

export interface ChosenEngine {
  readonly engine: Engine;
  /** Why this one, for people. */
  readonly reason: string;
}

/**
 * The engine that a project asks for. `auto` is Docker where an engine answers, else local processes.
 *
 * @throws MeshError environment: Docker was asked for and none answers
 */
export async function chooseEngine(
  { spec, stateDir }: Project,
  options: { readonly tied: boolean },
): Promise<ChosenEngine> {
  if (spec.engine === 'process') {
    return { engine: makeEngine('process', spec.name, stateDir, options), reason: 'as asked' };
  }
  try {
    const docker = await connectDocker();
    const engine = createDockerEngine({ mesh: spec.name, stateDir, docker, image: imageOptions(spec) });
    return { engine, reason: spec.engine === 'docker' ? 'as asked' : 'a Docker engine answers' };
  } catch (error) {
    if (spec.engine === 'docker' || !isMeshError(error)) throw error;
    const reason = `no Docker engine answers (${error.message.split('\n')[0] ?? ''})`;
    return { engine: makeEngine('process', spec.name, stateDir, options), reason };
  }
}

export function makeEngine(
  name: EngineName,
  mesh: string,
  stateDir: string,
  options: { readonly tied: boolean },
): Engine {
  return name === 'docker'
    ? createDockerEngine({ mesh, stateDir })
    : createProcessEngine({ mesh, stateDir, ...options });
}

function imageOptions({ docker: { image, base_image } }: MeshSpec) {
  return {
    ...(image === 'auto' ? {} : { build: image }),
    ...(base_image === undefined ? {} : { baseImage: base_image }),
  };
}

/** What people must know about an engine before they trust it. */
export function describeIsolation(engine: EngineName): string {
  return engine === 'docker'
    ? 'isolation: each agent reaches only its guard and the controller'
    : 'isolation: NONE; agents are local processes, the network and your files are open';
}
