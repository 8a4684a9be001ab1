import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { APIS } from './support/apis.ts';
import { ask, runGuard, type TestGuard } from './support/guard.ts';
import { echo } from './support/provider.ts';

/** Whatever came before, the guard goes on serving, and has told its log nothing. */
async function expectAlive(guard: TestGuard): Promise<void> {
  expect((await guard.chat(ask('Hi'))).status).toBe(200);
  expect(guard.log.join('')).not.toContain('jane');
}

const deep = (levels: number, inside = '') => '['.repeat(levels) + inside + ']'.repeat(levels);

test('of a key that stands twice, the first never leaves', async () => {
  await using guard = await runGuard();
  const message = (content: string) => `[{"role": "user", "content": ${content}}]`;
  const twice = `{"model": "m", "messages": ${message('"jane@acme.io"')}, "messages": ${message(
    '"joe@acme.io", "content": "Hi"',
  )}}`;
  expect((await guard.chat(twice)).status).toBe(200);
  expect(JSON.parse(guard.provider.received[0]?.body ?? '')).toEqual({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
  });
});

test('of a key that stands twice in a text, both are masked', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  const content = '{"to": "jane@acme.io", "to": "joe@acme.io"}';
  const answer = await guard.chat(ask(content));
  expect(guard.provider.received[0]?.body).not.toContain('acme');
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content } }] });
});

test('keys with a meaning to JavaScript are keys like any other', async () => {
  await using guard = await runGuard();
  const schema = '{"__proto__": {"const": "jane@acme.io"}, "constructor": "jane@acme.io"}';
  const tools = `[{"type": "function", "function": {"name": "f", "parameters": ${schema}}}]`;
  expect((await guard.chat(`{"model": "m", "messages": [], "tools": ${tools}}`)).status).toBe(200);
  const [received] = guard.provider.received;
  expect(received?.body).toContain('"__proto__":{"const":"[EMAIL_');
  expect(received?.body).not.toContain('jane');
  expect((await guard.chat('{"model": "m", "messages": [], "__proto__": {}}')).status).toBe(422);
});

test('lone surrogates come back as they were', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  const content = '\ud800 jane@acme.io \udc00';
  const answer = await guard.chat(ask(content));
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content } }] });
  expect(guard.provider.received[0]?.body).not.toContain('jane');
});

test.each(APIS)(
  'JSON of 10,000 levels is refused, or masked where it is a text: $path',
  async ({ path, ask: say }) => {
    await using guard = await runGuard();
    const metadata = deep(10_000, '"jane@acme.io"');
    const body = JSON.stringify(say('Hi', { metadata: 0 })).replace('"metadata":0', `"metadata":${metadata}`);
    const refused = await guard.chat(body, { path });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('200 levels');
    await guard.chat(say(metadata), { path });
    expect(guard.provider.received).toHaveLength(1);
    expect(guard.provider.received[0]?.body).toContain('[EMAIL_');
    await expectAlive(guard);
  },
);

test.each<[string, (inside: unknown) => object, (all: unknown) => object]>([
  [
    '/v1/messages',
    (inside) => ({ type: 'tool_result', tool_use_id: 't', content: [inside] }),
    (all) => ({ model: 'm', messages: [{ role: 'user', content: [all] }] }),
  ],
  [
    '/v1/responses',
    (inside) => ({ type: 'namespace', name: 'n', tools: [inside] }),
    (all) => ({ model: 'm', input: 'Hi', tools: [all] }),
  ],
])('content that holds content without end is refused: %s', async (path, wrap, say) => {
  await using guard = await runGuard();
  let inside: unknown = { type: 'text', text: 'jane@acme.io' };
  for (let level = 0; level < 2000; level++) inside = wrap(inside);
  const answer = await guard.chat(say(inside), { path });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('The body was refused: it is nested too deep.');
  await expectAlive(guard);
});

test('a body of nearly 10 MiB is masked to its end', async () => {
  await using guard = await runGuard();
  const body = `${'word '.repeat(2_090_000)} jane@acme.io`;
  expect((await guard.chat(ask(body))).status).toBe(200);
  expect(guard.provider.received[0]?.body).toMatch(/ \[EMAIL_\w{6}\]"/);
});

test('a compressed body is refused', async () => {
  await using guard = await runGuard();
  const body = new Uint8Array(gzipSync(JSON.stringify(ask('Hi'))));
  expect((await guard.chat(body, { headers: { 'content-encoding': 'gzip' } })).status).toBe(415);
  expect((await guard.chat(body)).status).toBe(400);
  await expectAlive(guard);
});

/** Sends bytes as they are, and gives all that comes back until the guard closes the connection. */
async function send(guard: TestGuard, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(guard.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

const SMUGGLED = 'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n\r\n';

test.each([
  ['two ways to tell its length', 'Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${SMUGGLED}`],
  ['two lengths', 'Content-Length: 4\r\nContent-Length: 40', SMUGGLED],
  ['a length that is no number', 'Content-Length: 4, 40', SMUGGLED],
  ['an encoding behind chunked', 'Transfer-Encoding: chunked, identity', `0\r\n\r\n${SMUGGLED}`],
  ['a blank before a colon', 'Transfer-Encoding : chunked', `0\r\n\r\n${SMUGGLED}`],
  ['a folded header', 'Transfer-Encoding:\r\n chunked', `0\r\n\r\n${SMUGGLED}`],
  ['a chunk of no length', 'Transfer-Encoding: chunked', `jane\r\n${SMUGGLED}`],
])('a request with %s is refused, and what follows it is not served', async (_what, header, rest) => {
  await using guard = await runGuard();
  const { authorization } = await guard.authorization();
  const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n${header}\r\n\r\n`;
  const answer = await send(guard, head + rest);
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer.match(/HTTP\/1.1 \d/g)).toHaveLength(1);
  expect(guard.provider.received).toEqual([]);
  await expectAlive(guard);
});

test('clients that send slowly keep nobody else waiting, and end with the guard', async () => {
  await using guard = await runGuard();
  const { authorization } = await guard.authorization();
  const heads = [
    'POST /v1/chat/compl',
    `POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n`,
  ];
  const closed = Array.from({ length: 200 }, async (_, n) => send(guard, heads[n % 2] ?? ''));
  await expectAlive(guard);
  await guard.close();
  await Promise.allSettled(closed);
});
