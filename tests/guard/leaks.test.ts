import { afterAll, beforeAll, expect, test } from 'vitest';
import { startController, type TestController } from './support/controller.ts';
import { ask } from './support/guard.ts';
import { sendJson } from './support/http.ts';
import { spawnGuard } from './support/process.ts';
import {
  type Answer,
  chunk,
  completion,
  DONE,
  startProvider,
  type TestProvider,
} from './support/provider.ts';

/**
 * What stands in every text. The first is of no kind: texts must not be anywhere, whether a detector knows them or not;
 * and it is the first, since parsers quote beginnings.
 */
const MARKS = ['zanzibar', 'jane.marked@acme.io', '536-22-8724', '4111111111111111'];
const EMAIL = 'jane.marked@acme.io';
const TEXT = MARKS.join(', ');

let controller: TestController;
let provider: TestProvider;
let guard: Awaited<ReturnType<typeof spawnGuard>>;
beforeAll(async () => {
  controller = await startController();
  provider = await startProvider();
  guard = await spawnGuard(controller, provider);
});
afterAll(async () => {
  await guard[Symbol.asyncDispose]();
  await Promise.all([controller.close(), provider.close()]);
});

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends a request as the agent does, and reads its answer to the end. */
async function send(path: string, { method = 'POST', headers = {}, body }: Sent = {}): Promise<string> {
  const authorization = `Bearer ${await controller.token()}`;
  const answer = await fetch(guard.url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: body === undefined || body instanceof Uint8Array ? (body ?? null) : toText(body),
  });
  return answer.text().catch(() => '');
}

const toText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

const BODIES: readonly (readonly [string, unknown])[] = [
  ['/v1/chat/completions', ask(TEXT)],
  ['/v1/chat/completions', ask(TEXT, { stream: true })],
  ['/v1/responses', { model: 'm', input: TEXT }],
  ['/v1/responses', { model: 'm', input: TEXT, stream: true }],
  ['/v1/messages', { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: TEXT }] }],
  ['/v1/messages', { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: TEXT }], stream: true }],
  ['/v1/embeddings', { model: 'm', input: TEXT }],
];

const BAD_BODIES: readonly unknown[] = [
  TEXT,
  `{"model": "${TEXT}`,
  [TEXT],
  { [TEXT]: 1 },
  { model: TEXT, messages: [], input: TEXT },
  { model: 'm', messages: TEXT, input: 7 },
  { model: 'm', messages: [{ role: TEXT, content: TEXT }], input: [{ type: TEXT }] },
  { model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: TEXT } }] }] },
  { model: 'm', messages: [], input: '', temperature: TEXT, [EMAIL]: TEXT },
  { model: EMAIL, messages: [], input: TEXT, max_tokens: 9 },
  new TextEncoder().encode(TEXT.padEnd(11_000_000, ' ')),
  Uint8Array.from([...new TextEncoder().encode(TEXT), 0xff]),
];

const quote = (status: number, type: string, body: string): Answer => {
  return (response) => {
    response.writeHead(status, { 'content-type': type, location: `http://${EMAIL}/` }).end(body);
  };
};

const EVENTS = 'text/event-stream';
const ANSWERS: readonly Answer[] = [
  (response) => {
    sendJson(response, 200, completion({ role: 'assistant', content: TEXT }));
  },
  quote(200, EVENTS, chunk({ content: TEXT }) + chunk({}, 'stop') + DONE),
  quote(200, EVENTS, `data: ${TEXT}\n\n`),
  quote(200, EVENTS, `${chunk({ content: TEXT })}data: {"error": {"message": "${TEXT}"}}\n\n`),
  quote(200, EVENTS, `event: ${TEXT}\n: ${TEXT}\ndata: {"type": "${TEXT}"}\n\n`),
  quote(200, 'application/json', TEXT),
  quote(200, 'application/json', JSON.stringify([TEXT])),
  quote(307, 'text/html', TEXT),
  quote(400, 'application/json', JSON.stringify({ error: { message: TEXT, code: TEXT } })),
  quote(401, 'application/json', JSON.stringify({ error: TEXT })),
  quote(500, 'text/html', `<html>${TEXT}</html>`),
  (response) => {
    response.writeHead(200, { 'content-type': EVENTS }).write(chunk({ content: TEXT }), () => {
      response.destroy();
    });
  },
  (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(TEXT);
  },
];

test('nothing of what passes stays: neither in the log, nor in metrics, rows or files', async () => {
  for (const answer of ANSWERS) {
    provider.answer = answer;
    for (const [path, body] of BODIES) await send(path, { body });
    await send('/v1/models', { method: 'GET' });
  }
  for (const [path] of BODIES) for (const body of BAD_BODIES) await send(path, { body });
  const marked = encodeURIComponent(EMAIL);
  await send(`/${marked}/nowhere?q=${marked}`, { body: ask(TEXT) });
  await send(`/${marked}/v1/chat/completions?user=${marked}`, { body: ask(TEXT) });
  await send('/v1/chat/completions', { method: 'DELETE' });
  for (const header of [
    'authorization',
    'traceparent',
    'cookie',
    'user-agent',
    'x-api-key',
    'content-type',
  ]) {
    await send('/v1/chat/completions', { headers: { [header]: `Bearer ${TEXT}` }, body: ask(TEXT) });
  }
  const metrics = await send('/metrics', { method: 'GET' });
  expect(metrics).toMatch(/goose_mesh_guard_values_total\{direction="out",kind="EMAIL"\} \d+/);
  const calls = BODIES.length * (ANSWERS.length + BAD_BODIES.length);
  await expect.poll(() => controller.rows.length, { timeout: 10_000 }).toBeGreaterThan(calls);
  const log = guard.log();
  expect(log).toContain('call refused');
  for (const mark of MARKS) {
    expect(log).not.toContain(mark);
    expect(metrics).not.toContain(mark);
    expect(JSON.stringify(controller.rows)).not.toContain(mark);
  }
  expect(await guard.listFiles()).toEqual([]);
});

test('what the guard itself refuses does not quote what it refused', async () => {
  const answers = await Promise.all(
    BODIES.flatMap(([path]) => BAD_BODIES.map((body) => send(path, { body }))),
  );
  for (const mark of MARKS) expect(answers.filter((answer) => answer.includes(mark))).toEqual([]);
});
