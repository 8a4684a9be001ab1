import type { Server } from 'node:http';

/** Prints the port of a server once it listens, for whoever has started this program. */
export function announce(server: Server): void {
  server.once('listening', () => {
    const address = server.address();
    console.log(typeof address === 'object' ? address?.port : address);
  });
}
