/** The least that any proxy does: `node pass-through.ts URL` passes bodies on both ways as they are. */
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Agent, request as send } from 'undici';
import { announce } from '../support/announce.ts';

const upstream = process.argv[2] ?? '';
const dispatcher = new Agent();

const server = createServer((request, response) => {
  void (async () => {
    const answer = await send(new URL(request.url ?? '/', upstream), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: request,
      dispatcher,
    });
    response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
    await pipeline(answer.body, response);
  })().catch(() => response.destroy());
});
announce(server.listen(0, '127.0.0.1'));
