import { expect, test } from 'vitest';
import { ask, runGuard } from './support/guard.ts';
import { sendJson } from './support/http.ts';
import { completion, echo } from './support/provider.ts';

const SESSION = '0f3c6a52-9d1e-4a7b-8c7d-5a4b3c2d1e0f';

test('a call leaves one row with kinds and counts', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  const token = await guard.controller.token({ sid: SESSION });
  const text = 'jane@acme.io, joe@acme.io and jane@acme.io; SSN 123-45-6789';
  const answer = await guard.chat(ask(text, { stream: true }), {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.text();
  await expect.poll(() => guard.controller.rows).toHaveLength(1);
  expect(guard.controller.rows[0]).toMatchObject({
    agent: 'finance',
    session_id: SESSION,
    shape: 'openai-chat',
    model: 'gpt-test',
    streamed: true,
    status: 200,
    refused: null,
    masked: { EMAIL: 2, US_SSN: 1 },
    restored: { EMAIL: 3, US_SSN: 1 },
    tokens_in: 11,
    tokens_out: 7,
  });
});

test('rows wait while the controller is away', async () => {
  await using guard = await runGuard();
  guard.controller.takesRows = false;
  await guard.chat(ask('Hi'));
  await guard.chat(ask('Hi'));
  guard.controller.takesRows = true;
  await expect.poll(() => guard.controller.rows, { timeout: 4000 }).toHaveLength(2);
});

test('closing sends what waits', async () => {
  await using guard = await runGuard();
  await guard.chat(ask('Hi'));
  await guard.close();
  expect(guard.controller.rows).toHaveLength(1);
});

test('when no more rows fit, calls are refused with 503', async () => {
  await using guard = await runGuard();
  guard.controller.takesRows = false;
  const headers = await guard.authorization();
  for (let sent = 0; sent < 1000; sent += 100) {
    await Promise.all(
      Array.from({ length: 100 }, async () => (await guard.chat(ask('Hi'), { headers })).text()),
    );
  }
  const answer = await guard.chat(ask('Hi'), { headers });
  expect(answer.status).toBe(503);
  expect(guard.provider.received).toHaveLength(1000);
  guard.controller.takesRows = true;
  await expect.poll(() => guard.controller.rows, { timeout: 10_000 }).toHaveLength(1000);
  expect((await guard.chat(ask('Hi'), { headers })).status).toBe(200);
});

test('nothing of a call’s content is logged', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  await guard.chat(ask('jane@acme.io'));
  await guard.chat('{"model": "m", "messages": [jane@acme.io]}');
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: jane@acme.io\n\n');
  };
  await (await guard.chat(ask('jane@acme.io', { stream: true }))).text();
  await guard.close();
  expect(guard.log.join('')).not.toMatch(/jane|sk-the-key|Bearer/);
});

test('closing in the middle of a call leaves its row', async () => {
  await using guard = await runGuard();
  const called = Promise.withResolvers<undefined>();
  guard.provider.answer = () => {
    called.resolve(undefined);
  };
  const answer = guard.chat(ask('Hi')).catch(() => undefined);
  await called.promise;
  await guard.close();
  await answer;
  expect(guard.controller.rows).toHaveLength(1);
});

test('what only the model produced, and the guard hid, is counted', async () => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    sendJson(response, 200, completion({ role: 'assistant', content: 'Ask joe@acme.io.' }));
  };
  expect(await (await guard.chat(ask('Whom?'))).text()).not.toContain('joe@acme.io');
  await expect.poll(() => guard.controller.rows).toMatchObject([{ restored: {}, contained: { EMAIL: 1 } }]);
});
