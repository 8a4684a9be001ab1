import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { z } from 'zod';
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
  const remembered = await readPorts(file);
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

  await writePorts(file, ports);
  return ports;
}

async function readPorts(file: string): Promise<Ports> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return Ports.parse(JSON.parse(text));
}

/** Written whole or not at all. */
async function writePorts(file: string, ports: Ports): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(ports, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
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
