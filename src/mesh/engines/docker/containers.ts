import type Dockerode from 'dockerode';
import { MeshError, messageOf } from '../../../core/errors.ts';
import { hasStatus } from '../../image/status.ts';
import type { ServicePlan } from '../../plan.ts';
import type { Deck } from './deck.ts';
import type { Draft } from './draft.ts';
import { fullName } from './names.ts';

/** Creates a container and connects it to all of its networks. If that fails, nothing of it stays. */
export async function createContainer({ docker, mesh }: Deck, draft: Draft): Promise<Dockerode.Container> {
  const container = await docker.createContainer(draft.options).catch((error: unknown) => {
    throw hasStatus(error, 409) ? nameTaken(draft.options.name ?? '', error) : error;
  });
  try {
    for (const { network, alias } of draft.connections) {
      const EndpointConfig = { Aliases: [alias] };
      await docker.getNetwork(fullName(mesh, network)).connect({ Container: container.id, EndpointConfig });
    }
    return container;
  } catch (error) {
    await removeContainer(container);
    throw error;
  }
}

export async function startContainer(
  container: Dockerode.Container,
  { name, publish }: ServicePlan,
): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    const isPortBusy = /port is already allocated|address already in use/.test(messageOf(error));
    throw isPortBusy ? portBusy(name, publish ?? 0, error) : error;
  }
}

/** Removes a container at once, running or not. One that is gone, or just going, is no error. */
export async function removeContainer(container: Dockerode.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (!hasStatus(error, 404, 409)) throw error;
  }
}

function nameTaken(name: string, cause: unknown): MeshError {
  return new MeshError('environment', `There is already a container ${name}, which is not of this mesh.`, {
    hint: `Remove it (docker rm ${name}) or give the mesh another name.`,
    cause,
  });
}

function portBusy(service: string, port: number, cause: unknown): MeshError {
  return new MeshError(
    'environment',
    `Port ${port}, where ${service} is to be published, is in use on this machine.`,
    {
      hint: `See by whom (ss -ltnp 'sport = :${port}', docker ps), or publish on another port, or on 0 for any free one.`,
      cause,
    },
  );
}
