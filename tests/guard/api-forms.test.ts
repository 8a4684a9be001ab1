import { expect, test } from 'vitest';
import { runGuard } from './support/guard.ts';
import { sendJson } from './support/http.ts';

const MESSAGE = { model: 'claude', max_tokens: 9, messages: [{ role: 'user', content: 'jane@acme.io' }] };

test.each([
  ['/v1/messages', { ...MESSAGE, novelty: 1 }, 422, 'invalid_request_error'],
  ['/v1/messages/count_tokens', { ...MESSAGE, messages: 7 }, 400, 'invalid_request_error'],
  ['/v1/novelty', {}, 404, 'not_found_error'],
])('%s refuses in the form of Anthropic: %j', async (path, body, status, type) => {
  await using guard = await runGuard();
  const answer = await guard.chat(body, { path, headers: { 'anthropic-version': '2023-06-01' } });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({
    type: 'error',
    error: { type, message: expect.any(String) as string },
  });
  expect(guard.provider.received).toEqual([]);
});

test('without a token a client of Anthropic is refused in its form', async () => {
  await using guard = await runGuard();
  const answer = await fetch(`${guard.url}/v1/messages`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
});

test.each(['x-api-key', 'api-key'])('a token may stand in %s', async (name) => {
  await using guard = await runGuard();
  const { authorization } = await guard.authorization();
  const answer = await fetch(`${guard.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { [name]: authorization.replace('Bearer ', '') },
    body: JSON.stringify({ model: 'm', messages: [] }),
  });
  expect(answer.status).toBe(200);
});

test('an error of Anthropic keeps its type, in an answer and in a stream', async () => {
  await using guard = await runGuard();
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  guard.provider.answer = (response) => {
    sendJson(response, 529, error);
  };
  const answer = await guard.chat(MESSAGE, { path: '/v1/messages' });
  expect([answer.status, await answer.json()]).toEqual([529, error]);
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
  };
  const stream = await guard.chat({ ...MESSAGE, stream: true }, { path: '/v1/messages' });
  expect(await stream.text()).toBe(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
});

test('a stream of Responses that breaks off ends with an event that its clients know', async () => {
  await using guard = await runGuard();
  const delta = { type: 'response.output_text.delta', sequence_number: 3, delta: 'a' };
  const event = `event: response.output_text.delta\ndata: ${JSON.stringify(delta)}\n\n`;
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(event);
  };
  const answer = await guard.chat({ model: 'm', input: 'Hi', stream: true }, { path: '/v1/responses' });
  const text = await answer.text();
  expect(text.startsWith(`${event}event: error\ndata: `)).toBe(true);
  expect(text).toContain('"sequence_number":4');
});

test.each([
  '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
  '/openai/v1/chat/completions',
  '/mesh/v1/chat/completions',
])('%s is served', async (path) => {
  await using guard = await runGuard();
  const answer = await guard.chat({ model: 'm', messages: [] }, { path });
  expect(answer.status).toBe(200);
  expect(guard.provider.received[0]?.url).toBe('/v1/chat/completions');
});
