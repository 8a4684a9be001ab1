import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Listen } from './config.ts';
import { MeshError, messageOf } from './errors.ts';

export interface HttpServer {
  readonly port: number;
  /** Takes no more connections, ends those that are open, and resolves when all are gone. */
  close(): Promise<void>;
}

/** Longer than any client of ours keeps an idle connection, so that none sends into one that just closed. */
const KEEP_ALIVE_MS = 65_000;
/** How long answers that are under way may take when the server closes. */
const GRACE_MS = 250;

type Fetch = (request: Request) => Response | Promise<Response>;

/**
 * Serves a fetch handler over HTTP/1.1.
 *
 * @throws MeshError environment: the port is taken or may not be used
 */
export function startHttpServer(fetch: Fetch, listen: Listen): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: listen.host, port: listen.port }, ({ port }) => {
      resolve({ port, close: () => closeServer(server) });
    }) as Server;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once('error', (error) => {
      reject(explain(error, listen));
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function explain(error: Error, { host, port }: Listen): MeshError {
  const inUse = Reflect.get(error, 'code') === 'EADDRINUSE';
  return new MeshError(
    'environment',
    `Cannot listen on ${host}:${port}: ${inUse ? 'the port is in use' : messageOf(error)}.`,
    {
      hint: inUse
        ? `\`ss -ltnp 'sport = :${port}'\` tells who has it; another port can be set in mesh.yaml.`
        : undefined,
      cause: error,
    },
  );
}
