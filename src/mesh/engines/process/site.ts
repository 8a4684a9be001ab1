import { join } from 'node:path';
import type { Site } from '../../plan.ts';
import { withLock } from '../../with-lock.ts';
import { readSupervisor } from './control-client.ts';
import { makeDirectories } from './directories.ts';
import { HOST, type Place } from './place.ts';
import { allocatePorts } from './ports.ts';

/** All services are on this machine's own address, told apart by their ports. */
export async function prepareSite(place: Place, services: readonly string[]): Promise<Site> {
  await makeDirectories(place);
  const running = (await readSupervisor(place))?.services.map(({ service }) => service) ?? [];
  const ports = await withLock(`${place.portsFile}.lock`, () =>
    allocatePorts(place.portsFile, services, running),
  );
  const portOf = (service: string) => {
    const port = ports[service];
    if (port === undefined) throw new Error(`${service} was not named when the site was prepared`);
    return port;
  };
  return {
    listen: (service) => ({ host: HOST, port: portOf(service) }),
    url: (service) => `http://${HOST}:${portOf(service)}`,
    dataDir: (service) => join(place.dataDir, service),
    outside: (url) => url,
  };
}
