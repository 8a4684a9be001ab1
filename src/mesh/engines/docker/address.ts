import type Dockerode from 'dockerode';
import type { Deck } from './deck.ts';
import { findExisting } from './existing.ts';

type Ports = Dockerode.ContainerInspectInfo['NetworkSettings']['Ports'];

/** URL by which this machine reaches a service. Asked each time: a restart may give it another port. */
export async function readAddress(deck: Deck, service: string): Promise<string | undefined> {
  const found = await findExisting(deck, service);
  if (found === undefined) return undefined;
  const { NetworkSettings } = await deck.docker.getContainer(found.id).inspect();
  return addressOf(NetworkSettings.Ports);
}

/** A port that is exposed only has no bindings: the engine gives null. */
export function addressOf(ports: { readonly [port: string]: Ports[string] | null }): string | undefined {
  const [binding] = Object.values(ports).flatMap((bindings) => bindings ?? []);
  return binding === undefined ? undefined : `http://${binding.HostIp}:${binding.HostPort}`;
}
