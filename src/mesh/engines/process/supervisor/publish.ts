import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Listen } from '../../../../core/config.ts';
import { MeshError } from '../../../../core/errors.ts';
import { HOST } from '../place.ts';
import type { PlannedService } from '../wire.ts';

/** The port on which people reach a service. */
export interface Publication {
  close(): void;
}

/** The URL by which people on this machine reach a service; null if they do not. */
export function addressOf({ config, publish }: PlannedService): string | null {
  if (publish === null || !('listen' in config)) return null;
  return `http://${HOST}:${publish === 0 ? config.listen.port : publish}`;
}

/**
 * Opens the port that a service is to be published on, if that is a certain one. As with a container, the service
 * listens on a port that was allocated before its plan was written; connections are passed on to it.
 */
export async function publish(plan: PlannedService): Promise<Publication | undefined> {
  const { config, name, publish: port } = plan;
  if (port === null || port === 0 || !('listen' in config) || config.listen.port === port) return undefined;
  const { listen } = config;
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    passOn(client, listen);
  });
  await listenOn(server, port, name);
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Either side may end first and still be told the rest; an error on one ends both. */
function passOn(client: Socket, { host, port }: Listen): void {
  const service = connect({ host, port, allowHalfOpen: true });
  pipeline(client, service, () => undefined);
  pipeline(service, client, () => undefined);
}

async function listenOn(server: Server, port: number, service: string): Promise<void> {
  server.listen(port, HOST);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new MeshError(
      'environment',
      `Port ${port}, on which ${service} is to be published, cannot be had.`,
      {
        hint: `"ss -ltnp sport = :${port}" names the program that has it. End that, or publish on another port.`,
        cause,
      },
    );
  });
}
