import { expect, test } from 'vitest';
import { ask, runGuard } from './support/guard.ts';

const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,jane@acme.io' } };

test.each([
  ['{"model": "m", "messages": [jane@acme.io]}', 'The body must be JSON.'],
  ['["jane@acme.io"]', 'The body must be an object.'],
  [{ model: 'm' }, 'messages must be an array.'],
  [{ model: 'm', messages: 'jane@acme.io' }, 'messages must be an array.'],
  [{ model: 'm', messages: ['jane@acme.io'] }, 'messages[0] must be an object.'],
  [{ model: 'jane doe', messages: [] }, 'model must be the name of a model.'],
  [ask('Hi', { stream: 'jane@acme.io' }), 'stream must be true or false.'],
  [ask('Hi', { tools: [{ function: 'jane@acme.io' }] }), 'tools[0].function must be an object.'],
  [ask(7), 'messages[0].content must be an array.'],
  [ask([{ type: 'text', text: 7 }]), 'messages[0].content[0].text must be a string.'],
])('%j is refused with 400', async (body, message) => {
  await using guard = await runGuard();
  const answer = await guard.chat(body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    error: { message, type: 'invalid_request_error', code: 'invalid_request' },
  });
  expect(guard.provider.received).toEqual([]);
});

test('a content part that is no text is refused with its path', async () => {
  await using guard = await runGuard();
  const answer = await guard.chat(ask([{ type: 'text', text: 'Look:' }, IMAGE]));
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('messages[0].content[1] was refused');
  expect(guard.provider.received).toEqual([]);
  await expect
    .poll(() => guard.controller.rows)
    .toMatchObject([{ status: 422, refused: 'unprocessable: messages[0].content[1]' }]);
});

test('a body over 10 MiB is refused with 413, announced or not', async () => {
  await using guard = await runGuard();
  const big = JSON.stringify(ask('x'.repeat(10 * 1024 * 1024)));
  expect((await guard.chat(big)).status).toBe(413);
  expect((await guard.chat(new Blob([big]).stream())).status).toBe(413);
  expect(guard.provider.received).toEqual([]);
});

test('JSON nested without end is refused', async () => {
  await using guard = await runGuard();
  const deep = `{"model": "m", "messages": [], "x": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const answer = await guard.chat(deep);
  expect(answer.status).toBe(422);
});

test('bytes that are no UTF-8 are refused', async () => {
  await using guard = await runGuard();
  const answer = await guard.chat(Uint8Array.of(0x7b, 0xff, 0x7d));
  expect(answer.status).toBe(400);
});

test.each([
  ['GET', '/', 404],
  ['POST', '/v1/embeddings', 404],
  ['POST', '/v1/chat/completions/x', 404],
  ['POST', '/v1/models', 405],
  ['GET', '/mesh/v1/chat/completions', 405],
])('%s %s is answered with %d', async (method, path, status) => {
  await using guard = await runGuard();
  const answer = await fetch(guard.url + path, { method, headers: await guard.authorization() });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
});
