import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { APIS } from './support/apis.ts';
import { ask, runGuard } from './support/guard.ts';
import { completion } from './support/provider.ts';

const SECRET = 'jane@acme.io';
const JSON_TYPE = 'application/json';
const STREAM = 'text/event-stream';
const DEEP = `{"x": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
const INVALID = Buffer.from([0x22, 0xff, 0x22]);

/** What a provider may send, as what it claims it to be. */
const ANSWERS: readonly (readonly [string, string, string | Buffer, Record<string, string>?])[] = [
  ['a page', 'text/html', '<html>Not here.</html>'],
  ['a page that claims to be JSON', JSON_TYPE, '<html>Not here.</html>'],
  ['a page that claims to be a stream', STREAM, '<html>Not here.</html>'],
  ['nothing', JSON_TYPE, ''],
  ['an empty stream', STREAM, ''],
  ['an array', JSON_TYPE, '[]'],
  ['cut JSON', JSON_TYPE, '{"choices": ['],
  ['less than it said', JSON_TYPE, '{"a": 1}', { 'content-length': '99' }],
  ['less of a stream than it said', STREAM, ': x\n\n', { 'content-length': '99' }],
  ['bytes that are no UTF-8', JSON_TYPE, Buffer.concat([Buffer.from('{"a": '), INVALID, Buffer.from('}')])],
  ['a stream that is no UTF-8', STREAM, Buffer.concat([Buffer.from('data: '), INVALID, Buffer.from('\n\n')])],
  ['compressed bytes', JSON_TYPE, gzipSync('{}')],
  ['a compressed stream', STREAM, gzipSync('data: {}\n\n')],
  ['compressed bytes that say so', JSON_TYPE, gzipSync('{}'), { 'content-encoding': 'gzip' }],
  ['an event that is no JSON', STREAM, 'data: {"type": \n\n'],
  ['an event that is no object', STREAM, 'data: 7\n\n'],
  ['an event without an end', STREAM, `data: ${'x'.repeat(5 * 1024 * 1024)}`],
  ['a stream without an end', STREAM, 'data: {"type": "novelty"}\n\n'],
  ['an end and nothing else', STREAM, 'event: done\n\n'],
];

test.each(APIS)(
  'an answer that is none is an error, and the guard lives on: $path',
  async ({ path, ask: say }) => {
    await using guard = await runGuard();
    for (const [what, type, body, headers] of ANSWERS) {
      guard.provider.answer = (response) => {
        sendOddly(response, type, body, headers);
      };
      const answer = await guard.chat(say(SECRET, { stream: type === STREAM }), { path });
      const text = await answer.text();
      expect.soft(answer.status, what).toBe(type === STREAM ? 200 : 502);
      expect.soft(text, what).toMatch(path === '/v1/messages' ? /"type":"error","error":\{/ : /"error":\{/);
      expect.soft(text, what).not.toMatch(/jane|Not here|undefined/);
    }
    guard.provider.answer = (response) => {
      response.end(JSON.stringify(completion({ role: 'assistant', content: 'Fine.' })));
    };
    expect((await guard.chat(ask('Hi'))).status).toBe(200);
    expect(guard.log.join('')).not.toMatch(/jane|Not here/);
  },
);

/** Ends the connection where less was sent than was announced. */
function sendOddly(
  response: ServerResponse,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': type, ...headers });
  if (headers['content-length'] === undefined) response.end(body);
  else response.write(body, () => response.destroy());
}

test.each(APIS)('an answer that is nested too deep is an error: $path', async ({ path, ask: say }) => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': JSON_TYPE }).end(DEEP.replace('"x"', '"choices"'));
  };
  const answer = await guard.chat(say('Hi'), { path });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('200 levels');
});
