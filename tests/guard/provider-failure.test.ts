import { expect, test } from 'vitest';
import { ask, runGuard } from './support/guard.ts';
import { sendJson } from './support/http.ts';
import { chunk, PROVIDER_KEY, startProvider } from './support/provider.ts';
import { readStream } from './support/stream.ts';

test.each([400, 402, 403, 404, 429, 500, 503])('HTTP %d of the provider passes', async (status) => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.setHeader('retry-after', '3');
    sendJson(response, status, { error: { message: 'No.', type: 'x', code: 'because' } });
  };
  const answer = await guard.chat(ask('Hi'));
  expect(answer.status).toBe(status);
  expect(answer.headers.get('retry-after')).toBe('3');
  expect(await answer.json()).toMatchObject({ error: { message: 'No.', code: 'because' } });
  await expect.poll(() => guard.controller.rows).toMatchObject([{ status, refused: null }]);
});

test('a 401 of the provider becomes a 502, since the agent’s token is good', async () => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    sendJson(response, 401, { error: { message: `Incorrect API key: ${PROVIDER_KEY}` } });
  };
  const answer = await guard.chat(ask('Hi'));
  expect(answer.status).toBe(502);
  expect(await answer.text()).not.toContain(PROVIDER_KEY);
});

test('a redirect is not followed', async () => {
  await using guard = await runGuard();
  await using elsewhere = await startProvider();
  guard.provider.answer = (response) => {
    response.writeHead(307, { location: `${elsewhere.url}/v1/chat/completions` }).end();
  };
  expect((await guard.chat(ask('Hi'))).status).toBe(502);
  expect(elsewhere.received).toEqual([]);
});

test.each([
  ['text', JSON.stringify({ error: 'Overloaded.' }), 'Overloaded.'],
  ['a page', '<html>jane@acme.io</html>', 'The model provider answered with HTTP 500 and no reason.'],
  ['a long text', JSON.stringify({ message: 'x'.repeat(5000) }), `${'x'.repeat(1999)}…`],
  ['the key', JSON.stringify({ message: `key ${PROVIDER_KEY}` }), 'key …'],
])('an error that holds %s has the form of OpenAI', async (_what, body, message) => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.writeHead(500).end(body);
  };
  const answer = await guard.chat(ask('Hi'));
  expect(await answer.json()).toMatchObject({ error: { message, type: 'server_error' } });
});

test('a provider that cannot be reached is a 502', async () => {
  await using guard = await runGuard();
  await guard.provider.close();
  const answer = await guard.chat(ask('Hi'));
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({
    error: { message: expect.stringContaining('ECONNREFUSED') as string },
  });
});

test.each([
  ['HTML', 'text/html', '<html></html>'],
  ['cut JSON', 'application/json', '{"choices": ['],
])('an answer of %s is a 502', async (_what, type, body) => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  };
  expect((await guard.chat(ask('Hi'))).status).toBe(502);
});

test('an answer that was compressed unasked is a 502', async () => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('…');
  };
  expect((await guard.chat(ask('Hi'))).status).toBe(502);
});

test.each([
  ['ends early', chunk({ content: 'a' })],
  ['holds no JSON', `${chunk({ content: 'a' })}data: {"choices": [\n\n${chunk({ content: 'b' })}`],
  ['reports an error', `${chunk({ content: 'a' })}data: {"error": {"message": "Overloaded."}}\n\n`],
])('a stream that %s ends with an error event', async (_what, stream) => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream);
  };
  const events = readStream(await (await guard.chat(ask('Hi', { stream: true }))).text());
  expect(events).toMatchObject({ content: 'a', done: false });
  expect(JSON.parse(events.events.at(-1) ?? '')).toMatchObject({ error: { code: 'upstream_failed' } });
});

test('a connection that breaks in mid-stream gives up what was held back and an error event', async () => {
  await using guard = await runGuard();
  guard.provider.answer = (response) => {
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .write(chunk({ content: 'To [EMAIL_' }), () => {
        response.destroy();
      });
  };
  const events = readStream(await (await guard.chat(ask('jane@acme.io', { stream: true }))).text());
  expect(events.content).toBe('To [EMAIL_');
  expect(events.events.at(-1)).toContain('The answer of the model provider broke off.');
});

test('a provider at an address that is not of the internet is not called, unless mesh.yaml names it', async () => {
  await using provider = await startProvider();
  await using guard = await runGuard({
    upstream: { base_url: `${provider.url}/v1`, api_key: 'key', private_hosts: [] },
  });
  const answer = await guard.chat(ask('Hi'));
  expect(answer.status).toBe(502);
  expect(await answer.text()).toContain('guard.private_hosts of mesh.yaml');
  expect(provider.received).toEqual([]);
});
