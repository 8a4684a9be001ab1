import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Listen } from './config.ts';
import { MeshError, messageOf } from './errors.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';

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
    // A request without a host is refused by the listener, in the words of `answerUnreadable`, and not by Node.
    const options = { requireHostHeader: false, keepAliveTimeout: KEEP_ALIVE_MS };
    const listener = getRequestListener(fetch, { errorHandler: answerUnreadable });
    const server = createServer(options, (request, response) => void listener(request, response));
    server.once('error', (error) => {
      reject(explain(error, listen));
    });
    server.listen(listen.port, listen.host, () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, close: () => closeServer(server) });
    });
  });
}

/** What cannot be read as a request, such as one with a host that is none, never reaches the handler. */
function answerUnreadable(cause: unknown): Response {
  const error =
    cause instanceof RequestError
      ? new MeshError('invalid_request', `The request cannot be read: ${cause.message}.`)
      : new MeshError('internal', 'The server failed to answer.');
  const headers = { 'content-type': PROBLEM_TYPE };
  return new Response(JSON.stringify(toProblem(error)), { status: error.status, headers });
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
