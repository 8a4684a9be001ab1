import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Listen } from '../core/config.ts';
import { MeshError, messageOf } from '../core/errors.ts';

/**
 * The port to listen on. It is tried first: PostgreSQL takes no 0 for "any free one", and says less clearly that a
 * port is in use.
 */
export async function choosePort({ host, port }: Listen): Promise<number> {
  const server = createServer().listen(port, host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new MeshError(
      'environment',
      `PostgreSQL cannot listen on ${host}, port ${port}: ${messageOf(cause)}.`,
      {
        hint: `End the program that has the port ("ss -ltnp sport = :${port}" names it), or choose another port.`,
        cause,
      },
    );
  });
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new Error('a TCP server has an address with a port');
  return address.port;
}
