/** A model that answers at once: the same words to everybody, and as long a stream as the request wants. */
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from '../support/announce.ts';

const PIECE_MS = 100;

const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content: 'It is done.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 300, completion_tokens: 4, total_tokens: 304 },
});

const server = createServer((request, response) => {
  void text(request).then(async (body) => {
    const pieces = Number(/"max_tokens":(\d+)/.exec(body)?.[1] ?? 0);
    if (pieces > 0) await stream(response, pieces);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER);
  });
});
announce(server.listen(0, '127.0.0.1'));

async function stream(response: ServerResponse, pieces: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let n = 0; n < pieces && !response.closed; n += 1) {
    if (n > 0) await sleep(PIECE_MS);
    response.write(chunk({ content: `word ` }, null));
  }
  response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
}

function chunk(delta: object, finish_reason: string | null): string {
  const choices = [{ index: 0, delta, finish_reason }];
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices })}\n\n`;
}
