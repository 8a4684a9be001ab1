import { isMeshError } from '../core/errors.ts';
import type { Engine, EngineName } from '../mesh/engine.ts';
import type { MeshSpec } from '../mesh/mesh-file.ts';
import type { MeshRecord } from './mesh-record.ts';
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
    return { engine: await makeEngine('process', spec.name, stateDir, options), reason: 'as asked' };
  }
  const { connectDocker, createDockerEngine } = await loadDocker();
  try {
    const docker = await connectDocker();
    const engine = createDockerEngine({ mesh: spec.name, stateDir, docker, image: imageOptions(spec) });
    return { engine, reason: spec.engine === 'docker' ? 'as asked' : 'a Docker engine answers' };
  } catch (error) {
    if (spec.engine === 'docker' || !isMeshError(error)) throw error;
    const reason = `no Docker engine answers (${error.message.split('\n')[0] ?? ''})`;
    return { engine: await makeEngine('process', spec.name, stateDir, options), reason };
  }
}

/** The engines that a mesh is to be taken down on. */
export interface Holders {
  readonly engines: readonly Engine[];
  /** Why Docker is not one of them. */
  readonly unasked: string | undefined;
}

/**
 * Every engine that may hold something of a mesh. What is known of it does not tell: data stays when its record goes,
 * and another `up` may have chosen another engine.
 *
 * @throws MeshError environment: no Docker engine answers, although it has something for certain
 */
export async function listHolders(
  { spec, stateDir }: Project,
  record: MeshRecord | undefined,
): Promise<Holders> {
  const ofProcesses = await makeEngine('process', spec.name, stateDir, { tied: false });
  const { connectDocker, createDockerEngine } = await loadDocker();
  try {
    const docker = await connectDocker();
    return {
      engines: [createDockerEngine({ mesh: spec.name, stateDir, docker }), ofProcesses],
      unasked: undefined,
    };
  } catch (error) {
    if ((record?.engine ?? spec.engine) === 'docker' || !isMeshError(error)) throw error;
    return { engines: [ofProcesses], unasked: error.message };
  }
}

/** Each engine is loaded only where it is used: Docker's client alone takes a tenth of a second. */
export async function makeEngine(
  name: EngineName,
  mesh: string,
  stateDir: string,
  options: { readonly tied: boolean },
): Promise<Engine> {
  if (name === 'docker') return (await loadDocker()).createDockerEngine({ mesh, stateDir });
  const { createProcessEngine } = await import('../mesh/engines/process/engine.ts');
  return createProcessEngine({ mesh, stateDir, ...options });
}

async function loadDocker() {
  const { connectDocker } = await import('../mesh/engines/docker/connect.ts');
  const { createDockerEngine } = await import('../mesh/engines/docker/engine.ts');
  return { connectDocker, createDockerEngine };
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
