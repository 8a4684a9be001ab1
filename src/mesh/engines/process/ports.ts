import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../../state-file.ts';
import { HOST } from './place.ts';

const Ports = z.record(z.string(), z.int());
export type Ports = z.infer<typeof Ports>;

/**
 * A port for each service: the one that it had before, unless somebody else has that now, or else a free one. The
 * ports of services that run are theirs and are not tried.
 */
export async function allocatePorts(
  file: string,
  services: readonly string[],
  running: readonly string[],
): Promise<Ports> {
  const hint = 'Remove it: services then get other ports.';
  const remembered = (await readStateFile(file, Ports, { hint })) ?? {};
  const ports = { ...remembered };
  // All are held until all are found, so that none is found twice.
  const held: Server[] = [];
  for (const service of services) {
    const before = remembered[service];
    if (before !== undefined && running.includes(service)) continue;
    const server = (before === undefined ? undefined : await hold(before)) ?? (await hold(0));
    if (server === undefined) throw new Error('there is always a free port');
    held.push(server);
    ports[service] = portOf(server);
  }
  await Promise.all(held.map(release));

  await writeStateFile(file, ports);
  return ports;
}

/** Binds a port, or any free one for 0. Undefined if it is taken. */
async function hold(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, HOST);
  return once(server, 'listening').then(
    () => server,
    () => undefined,
  );
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('a TCP server has an address with a port');
  return address.port;
}

async function release(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
