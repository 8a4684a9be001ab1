import { isMeshError } from '../core/errors.ts';
import type { Engine, EngineName } from '../mesh/engine.ts';
import { connectDocker } from '../mesh/engines/docker/connect.ts';
import { createDockerEngine } from '../mesh/engines/docker/engine.ts';
import { createProcessEngine } from '../mesh/engines/process/engine.ts';
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
    const engine = createDockerEngine({ mesh: spec.name, stateDir, docker });
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

/** What people must know about an engine before they trust it. */
export function describeIsolation(engine: EngineName): string {
  return engine === 'docker'
    ? 'each agent reaches only its guard and the controller'
    : 'local processes: agents are NOT isolated from the network or from your files';
}
