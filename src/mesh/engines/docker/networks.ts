import type Dockerode from 'dockerode';
import { MeshError, messageOf } from '../../../core/errors.ts';
import { hasStatus } from '../../image/status.ts';
import type { NetworkPlan } from '../../plan.ts';
import type { Deck } from './deck.ts';
import { fullName, LABELS, ofMesh } from './names.ts';
import type { Undo } from './undo.ts';

/**
 * What makes each kind of network what it is.
 *
 * closed: `internal` alone leaves the host's own services reachable at the gateway's address. With inhibit_ipv4 the
 * bridge has no address; newer engines call the two together gateway mode `isolated` (moby/moby#49262).
 *
 * published: the engine can only publish ports of a network that is not internal. Without masquerading, what leaves
 * it carries an address that no answer comes back to.
 */
const KINDS = {
  closed: { Internal: true, Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' } },
  published: { Internal: false, Options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } },
  egress: { Internal: false, Options: {} },
} as const satisfies Record<
  NetworkPlan['kind'],
  Pick<Dockerode.NetworkCreateOptions, 'Internal' | 'Options'>
>;

/** Makes a network of the plan be there. Each is made once, however often it is asked for. */
export type EnsureNetwork = (name: string) => Promise<void>;

/**
 * Gives what makes the networks of a plan, one by one as services need them: a database need not wait for the
 * networks of agents. One of another kind is replaced, which only works while no container is on it; the services
 * on it are replaced too, since the kind is part of what they are compared by.
 */
export async function prepareNetworks(
  deck: Deck,
  plans: readonly NetworkPlan[],
  undo: Undo,
): Promise<EnsureNetwork> {
  const existing = await listNetworks(deck);
  const made = new Map<string, Promise<void>>();
  const ensure = async (name: string) => {
    const plan = plans.find((candidate) => candidate.name === name);
    if (plan === undefined) throw new Error(`The plan has no network ${name}.`);
    const found = existing.find(({ Name }) => Name === fullName(deck.mesh, name));
    if (found?.Labels?.[LABELS.spec] === plan.kind) return;
    if (found !== undefined) await removeNetwork(deck, found.Id);
    const network = await createNetwork(deck, plan);
    undo.add(() => removeNetwork(deck, network.id));
  };
  return (name) => {
    const making = made.get(name) ?? ensure(name);
    made.set(name, making);
    return making;
  };
}

export function listNetworks({ docker, mesh }: Deck): Promise<readonly Dockerode.NetworkInspectInfo[]> {
  return docker.listNetworks({ filters: ofMesh(mesh) });
}

/** Removes a network. One that is gone already is no error, and one that others use stays with them. */
export async function removeNetwork({ docker }: Deck, id: string): Promise<void> {
  try {
    await docker.getNetwork(id).remove();
  } catch (error) {
    if (!hasStatus(error, 403, 404, 409)) throw error;
  }
}

async function createNetwork(
  { docker, mesh }: Deck,
  { name, kind }: NetworkPlan,
): Promise<Dockerode.Network> {
  try {
    return await docker.createNetwork({
      Name: fullName(mesh, name),
      Driver: 'bridge',
      CheckDuplicate: true,
      // Whatever the engine does by default: what keeps a closed network from the host is known to hold for IPv4.
      EnableIPv6: false,
      Labels: { [LABELS.mesh]: mesh, [LABELS.spec]: kind },
      ...KINDS[kind],
    });
  } catch (error) {
    throw explain(error, fullName(mesh, name));
  }
}

function explain(error: unknown, name: string): unknown {
  const message = messageOf(error);
  // The first up to Docker 27, the second from 28.
  if (/non-overlapping IPv4 address pool|address pools have been fully subnetted/.test(message)) {
    return new MeshError('environment', `Docker has no addresses left for the network ${name}.`, {
      hint: 'Remove networks that nobody uses (docker network prune), or give Docker more default-address-pools.',
      cause: error,
    });
  }
  if (/already exists/.test(message)) {
    return new MeshError('environment', `There is already a network ${name}, which is not of this mesh.`, {
      hint: `Remove it (docker network rm ${name}) or give the mesh another name.`,
      cause: error,
    });
  }
  return error;
}
