import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runGuard, type TestGuard } from '../support/guard.ts';
import { expectMasked, SAID } from '../support/ledger.ts';
import { parrot } from '../support/parrot.ts';

/** The client of Anthropic as anyone uses it: told of nothing but another address and key. */
async function open(guard: TestGuard): Promise<Anthropic> {
  guard.provider.answer = parrot;
  return new Anthropic({ baseURL: guard.url, apiKey: await guard.controller.token(), maxRetries: 0 });
}

const MESSAGE = {
  model: 'parrot',
  max_tokens: 99,
  system: 'Be brief.',
  metadata: { user_id: 'jane@acme.io' },
  messages: [{ role: 'user' as const, content: SAID }],
};
const Form = z.object({ text: z.string() });
const TOOL = {
  name: 'send',
  description: `Say ${SAID}`,
  input_schema: { type: 'object' as const, properties: { text: { type: 'string' } } },
};
const THOUGHT = { type: 'thinking', thinking: SAID, signature: 'EqQB' };

test.each([false, true])('messages (streamed: %s)', async (stream) => {
  await using guard = await runGuard();
  const client = await open(guard);
  const answer = stream
    ? await client.messages.stream(MESSAGE).finalMessage()
    : await client.messages.create(MESSAGE);
  expect(answer.content).toMatchObject([THOUGHT, { type: 'text', text: SAID }]);
  expect(answer.usage).toMatchObject({ input_tokens: 11, output_tokens: 7 });
  expectMasked(guard.provider);
});

test.each([false, true])(
  'messages that call a tool, and go on with all that was said (streamed: %s)',
  async (stream) => {
    await using guard = await runGuard();
    const client = await open(guard);
    const request = { ...MESSAGE, tools: [TOOL] };
    const answer = stream
      ? await client.messages.stream(request).finalMessage()
      : await client.messages.create(request);
    const { content } = answer;
    expect(content).toMatchObject([THOUGHT, { type: 'tool_use', input: { text: SAID } }]);
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: `sent: ${SAID}` };
    const next = await client.messages.create({
      ...request,
      messages: [...MESSAGE.messages, { role: 'assistant', content }, { role: 'user', content: [result] }],
    });
    expect(next.content.at(-1)).toMatchObject({ type: 'text', text: `sent: ${SAID}` });
    expectMasked(guard.provider);
  },
);

test('messages of a given form', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const answer = await client.messages.parse({
    ...MESSAGE,
    output_config: { format: zodOutputFormat(Form) },
  });
  expect(answer.parsed_output).toEqual({ text: SAID });
  expectMasked(guard.provider);
});

test('tokens are counted, of what the provider would be sent', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const { model, messages } = MESSAGE;
  expect(await client.messages.countTokens({ model, messages })).toEqual({ input_tokens: 42 });
  expectMasked(guard.provider);
});

test('models', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  expect((await client.models.list()).data).toMatchObject([{ id: 'parrot' }]);
});

test('what the guard refuses is an error that says where', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const image = {
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'aGk=' },
  };
  const refused = client.messages.create({ ...MESSAGE, messages: [{ role: 'user', content: [image] }] });
  await expect(refused).rejects.toThrow(Anthropic.UnprocessableEntityError);
  await expect(refused).rejects.toThrow('messages[0].content[0] was refused: the guard reads text only.');
});

test('a stream that breaks off is an error', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n');
  };
  await expect(client.messages.stream(MESSAGE).finalMessage()).rejects.toThrow(
    'The model provider ended its answer before it was complete.',
  );
});
