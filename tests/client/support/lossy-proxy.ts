import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Passes requests on, but loses the answer to each of them that `loses` picks: the work is done, nobody is told. */
export async function openLossyProxy(target: string, loses: (request: IncomingMessage) => boolean) {
  const lost: string[] = [];
  const server = createServer((request, response) => {
    const pass = async () => {
      const { method = 'GET', url = '/', headers } = request;
      const { authorization = '', 'content-type': type = '' } = headers;
      const body = await buffer(request);
      const answer = await fetch(`${target}${url}`, {
        method,
        headers: { authorization, 'content-type': type },
        ...(body.length > 0 ? { body } : {}),
      });
      const text = await answer.text();
      if (loses(request)) {
        lost.push(`${method} ${url}`);
        request.socket.destroy();
      } else {
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
      }
    };
    pass().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lost };
}
