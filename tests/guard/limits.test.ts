import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { CallLimits } from '../../src/core/budget.ts';
import { ask, runGuard } from './support/guard.ts';
import { serveHttp } from './support/http.ts';
import { chunk, completion, DONE } from './support/provider.ts';
import { readStream } from './support/stream.ts';

const limits = (changes: Partial<CallLimits>) => ({ limits: CallLimits.parse(changes) });

test('more calls in a minute than the profile allows are a 429 that says when to come again', async () => {
  await using guard = await runGuard(limits({ requests_per_minute: 2 }));
  const answers = [await guard.chat(ask('Hi')), await guard.chat(ask('Hi')), await guard.chat(ask('Hi'))];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answers[2]?.json()).toMatchObject({
    error: { type: 'rate_limit_error', code: 'rate_limited' },
  });
  await expect
    .poll(() => guard.controller.rows.at(-1))
    .toMatchObject({ status: 429, refused: 'rate_limited' });
});

test('a stream takes its place until it has ended', async () => {
  await using guard = await runGuard(limits({ concurrent: 1 }));
  const proceed = Promise.withResolvers<undefined>();
  guard.provider.answer = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: 'a' }));
    await proceed.promise;
    response.end(chunk({}, 'stop') + DONE);
  };
  const open = await guard.chat(ask('Hi', { stream: true }));
  expect((await guard.chat(ask('Hi'))).status).toBe(429);
  proceed.resolve(undefined);
  await open.text();
  await expect.poll(async () => (await guard.chat(ask('Hi', { stream: true }))).status).toBe(200);
});

test('an answer that does not begin in time is a 502', async () => {
  await using guard = await runGuard(limits({ first_byte_seconds: 0.05 }));
  guard.provider.answer = () => undefined;
  const answer = await guard.chat(ask('Hi'));
  expect(answer.status).toBe(502);
  expect(await answer.text()).toContain('UND_ERR_HEADERS_TIMEOUT');
});

test('a stream that falls silent ends with an error event', async () => {
  await using guard = await runGuard(limits({ silence_seconds: 0.05 }));
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: 'a' }));
  };
  const read = readStream(await (await guard.chat(ask('Hi', { stream: true }))).text());
  expect(read).toMatchObject({ content: 'a', done: false });
  expect(read.events.at(-1)).toContain('upstream_failed');
});

test('a provider that is restarted loses no call: what was not sent is sent again', async () => {
  await using guard = await runGuard();
  const { port } = guard.provider;
  await guard.provider.close();
  const refused = Promise.withResolvers<unknown>();
  subscribe('undici:client:connectError', refused.resolve);
  const answer = guard.chat(ask('Hi'));
  await refused.promise;
  await using _again = await serveHttp(async (request, response) => {
    await once(request.resume(), 'end');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(completion({ role: 'assistant', content: 'Back.' })));
  }, port);
  expect((await answer).status).toBe(200);
});

test('a call of which something was sent is never sent again', async () => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.destroy();
  };
  expect((await guard.chat(ask('Hi'))).status).toBe(502);
  expect(guard.provider.received).toHaveLength(1);
});

const PIECE = chunk({ content: 'x'.repeat(64 * 1024) });
const PIECES = 2000;

test('a slow agent slows the provider down: the guard does not keep what nobody takes', async () => {
  await using guard = await runGuard();
  let written = 0;
  guard.provider.answer = async (response, { closed }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (; written < PIECES && !response.destroyed; written += 1) {
      if (response.write(PIECE)) continue;
      await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed]);
    }
  };
  const reader = (await guard.chat(ask('Hi', { stream: true }))).body?.getReader();
  await reader?.read();
  // The buffers of the sockets on the way fill up, and then nothing moves any more.
  let before = -1;
  await expect
    .poll(
      () => {
        const stands = written === before;
        before = written;
        return stands;
      },
      { interval: 300, timeout: 10_000 },
    )
    .toBe(true);
  expect(written).toBeLessThan(PIECES / 4);
  await reader?.cancel();
});
