import { expect, test } from 'vitest';
import { ask, runGuard } from './support/guard.ts';

const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,jane@acme.io' } };

const says = (fields: Readonly<Record<string, unknown>>) => ({
  model: 'm',
  messages: [{ role: 'user', content: 'Hi', ...fields }],
});
const schemaNamed = (name: string) =>
  ask('Hi', { response_format: { type: 'json_schema', json_schema: { name, schema: {} } } });

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
  [
    says({ role: 'jane@acme.io' }),
    'messages[0].role must be one of system, developer, user, assistant, tool, function.',
  ],
  [says({ tool_call_id: 'Jane Doe' }), 'messages[0].tool_call_id must be an id.'],
  [ask('Hi', { tools: [{ type: 'jane@acme.io' }] }), 'tools[0].type must be one of function, custom.'],
  [ask('Hi', { tool_choice: 'jane@acme.io' }), 'tool_choice must be one of none, auto, required, any.'],
  [ask('Hi', { service_tier: 'jane@acme.io' }), 'service_tier must be a word.'],
  [ask('Hi', { logit_bias: { 'jane@acme.io': 1 } }), 'logit_bias must be an object of token ids.'],
  [ask('Hi', { temperature: 'jane@acme.io' }), 'temperature must be a number.'],
  [ask('Hi', { modalities: ['audio'] }), 'modalities[0] must be text.'],
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

test.each([
  [{ ...ask('Hi'), model: 'jane@acme.io' }, 'model'],
  [says({ tool_call_id: '536-22-8724' }), 'messages[0].tool_call_id'],
  [says({ tool_calls: [{ id: 'call_536-22-8724' }] }), 'messages[0].tool_calls[0].id'],
  [says({ function_call: { name: '4111111111111111' } }), 'messages[0].function_call.name'],
  [ask('Hi', { tools: [{ function: { name: 'tel:212-555-0187' } }] }), 'tools[0].function.name'],
  [ask('Hi', { tool_choice: { function: { name: 'ip/10.0.0.1' } } }), 'tool_choice.function.name'],
  [ask('Hi', { function_call: { name: 'DE89370400440532013000' } }), 'function_call.name'],
  [schemaNamed('536-22-8724'), 'response_format.json_schema.name'],
  [ask('Hi', { seed: 4111111111111111 }), 'seed'],
])('personal data that cannot be masked is refused: %j', async (body, path) => {
  await using guard = await runGuard();
  const answer = await guard.chat(body);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({
    error: { message: `${path} was refused: it holds personal data where nothing can be masked.` },
  });
  expect(guard.provider.received).toEqual([]);
});

test.each([
  [ask('Hi', { novelty: 'jane@acme.io' }), 'novelty was refused: the guard does not know this field.'],
  [ask('Hi', { 'jane@acme.io': 1 }), 'The body was refused: the guard does not know one of its fields.'],
  [says({ images: ['aGk='] }), 'messages[0].images was refused: the guard does not know this field.'],
  [ask([{ type: 'text', text: 'Hi', data: 'aGk=' }]), 'messages[0].content[0].data was refused'],
  [says({ audio: { id: 'audio_1' } }), 'messages[0].audio was refused: the guard reads text only.'],
])('a field that the guard cannot read is refused: %j', async (body, message) => {
  await using guard = await runGuard();
  const answer = await guard.chat(body);
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(message);
  expect(guard.provider.received).toEqual([]);
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
  ['POST', '/v1/completions', 404],
  ['POST', '/v1/chat/completions/x', 404],
  ['POST', '/v1/models', 405],
  ['GET', '/mesh/v1/chat/completions', 405],
])('%s %s is answered with %d', async (method, path, status) => {
  await using guard = await runGuard();
  const answer = await fetch(guard.url + path, { method, headers: await guard.authorization() });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
});
