import type Dockerode from 'dockerode';
import type { ServiceStatus } from '../../engine.ts';
import { hasStatus } from '../../image/status.ts';
import { addressOf } from './address.ts';
import type { Deck } from './deck.ts';
import { type Existing, listExisting } from './existing.ts';
import { fullName } from './names.ts';
import { isReady } from './ready.ts';

/** The services of the mesh, in the order of their names. */
export async function readStatus(deck: Deck): Promise<readonly ServiceStatus[]> {
  const existing = await listExisting(deck);
  const current = existing.filter(({ name, service }) => name === fullName(deck.mesh, service));
  const found = await Promise.all(current.map((container) => readService(deck, container)));
  return found.filter((status) => status !== undefined).sort((a, b) => a.service.localeCompare(b.service));
}

async function readService(
  { docker }: Deck,
  { id, service, part }: Existing,
): Promise<ServiceStatus | undefined> {
  const container = docker.getContainer(id);
  try {
    const { State, RestartCount, NetworkSettings } = await container.inspect();
    const isUp = State.Status === 'running';
    return {
      service,
      part,
      state: await readState(container, State),
      startedAt: isUp ? State.StartedAt : undefined,
      restarts: RestartCount,
      address: addressOf(NetworkSettings.Ports),
      id: id.slice(0, 12),
    };
  } catch (error) {
    // Removed since it was listed.
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

async function readState(
  container: Dockerode.Container,
  { Status, StartedAt }: Dockerode.ContainerInspectInfo['State'],
): Promise<ServiceStatus['state']> {
  if (Status === 'running') return (await isReady(container, StartedAt)) ? 'running' : 'starting';
  return Status === 'created' || Status === 'restarting' ? 'starting' : 'stopped';
}
