import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  /** The body that was sent, if it was JSON. */
  readonly sent: Record<string, unknown>;
  readonly status: number;
  /** The body of the answer. */
  readonly body: unknown;
}

/** Changes what a controller says; undefined: it stays. */
export type Lie = (exchange: Exchange) => { status?: number; body: unknown } | undefined;

/** Passes requests on to a real controller, and answers to its client with one lie. */
export async function openLyingProxy(target: () => string, lie: Lie) {
  const server = createServer((request, response) => {
    const pass = async () => {
      const { method = 'GET', url: path = '/', headers } = request;
      const { authorization = '', 'content-type': type = '', 'last-event-id': last } = headers;
      const sent = await buffer(request);
      const answer = await fetch(`${target()}${path}`, {
        method,
        headers: {
          authorization,
          'content-type': type,
          ...(typeof last === 'string' ? { 'last-event-id': last } : {}),
        },
        ...(sent.length > 0 ? { body: sent } : {}),
      });
      if (path.startsWith('/events') && answer.body !== null) {
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).flushHeaders();
        Readable.from(answer.body)
          .on('error', () => response.destroy())
          .pipe(response);
        return;
      }
      const text = await answer.text();
      const told =
        text === ''
          ? undefined
          : lie({
              method,
              path,
              sent: type === 'application/json' ? (JSON.parse(sent.toString()) as Exchange['sent']) : {},
              status: answer.status,
              body: JSON.parse(text),
            });
      response.writeHead(told?.status ?? answer.status, { 'content-type': 'application/json' });
      response.end(told === undefined ? text : JSON.stringify(told.body));
    };
    pass().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
