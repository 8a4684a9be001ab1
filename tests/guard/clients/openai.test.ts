import OpenAI, { AzureOpenAI } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runGuard, type TestGuard } from '../support/guard.ts';
import { expectMasked, SAID } from '../support/ledger.ts';
import { parrot } from '../support/parrot.ts';

/** The client of OpenAI as anyone uses it: told of nothing but another address and key. */
async function open(guard: TestGuard): Promise<OpenAI> {
  guard.provider.answer = parrot;
  return new OpenAI({ baseURL: `${guard.url}/v1`, apiKey: await guard.controller.token(), maxRetries: 0 });
}

const CHAT = { model: 'parrot', messages: [{ role: 'user' as const, content: SAID }] };
const RESPONSE = { model: 'parrot', input: SAID, instructions: 'Be brief.', user: 'jane@acme.io' };
const Form = z.object({ text: z.string() });
const PARAMETERS = { type: 'object' as const, properties: { text: { type: 'string' as const } } };
const CALL = JSON.stringify({ text: SAID });

test('chat', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const answer = await client.chat.completions.create(CHAT);
  expect(answer.choices[0]?.message.content).toBe(SAID);
  expectMasked(guard.provider);
});

test('chat, streamed', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const stream = client.chat.completions.stream(CHAT);
  expect(await stream.finalContent()).toBe(SAID);
  expectMasked(guard.provider);
});

test.each([false, true])('chat that runs a tool (streamed: %s)', async (stream) => {
  await using guard = await runGuard();
  const client = await open(guard);
  const got: string[] = [];
  const send = (args: string) => {
    got.push(args);
    return `sent: ${SAID}`;
  };
  const tool = {
    type: 'function' as const,
    function: {
      name: 'send',
      description: `Say ${SAID}`,
      parameters: PARAMETERS,
      parse: String,
      function: send,
    },
  };
  const runner = stream
    ? client.chat.completions.runTools({ ...CHAT, stream: true, tools: [tool] })
    : client.chat.completions.runTools({ ...CHAT, tools: [tool] });
  expect(await runner.finalContent()).toBe(`sent: ${SAID}`);
  expect(got).toEqual([CALL]);
  expect(guard.provider.received).toHaveLength(2);
  expectMasked(guard.provider);
});

test('chat with an answer of a given form', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const answer = await client.chat.completions.parse({
    ...CHAT,
    response_format: zodResponseFormat(Form, 'form'),
  });
  expect(answer.choices[0]?.message.parsed).toEqual({ text: SAID });
  expectMasked(guard.provider);
});

test('responses', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const answer = await client.responses.create(RESPONSE);
  expect(answer.output_text).toBe(SAID);
  expectMasked(guard.provider);
});

test('responses, streamed', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const stream = client.responses.stream(RESPONSE);
  const deltas: string[] = [];
  stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
  expect((await stream.finalResponse()).output_text).toBe(SAID);
  expect(deltas.join('')).toBe(SAID);
  expectMasked(guard.provider);
});

function findCall(items: readonly ResponseOutputItem[]) {
  return items.find((item) => item.type === 'function_call');
}

test.each([false, true])('responses that call a tool (streamed: %s)', async (stream) => {
  await using guard = await runGuard();
  const client = await open(guard);
  const tools = [{ type: 'function' as const, name: 'send', parameters: PARAMETERS, strict: true }];
  const answer = stream
    ? await client.responses.stream({ ...RESPONSE, tools }).finalResponse()
    : await client.responses.create({ ...RESPONSE, tools });
  const call = findCall(answer.output);
  expect(call?.arguments).toBe(CALL);
  const next = await client.responses.create({
    model: 'parrot',
    tools,
    input: [
      { role: 'user', content: SAID },
      ...(call === undefined ? [] : [call]),
      { type: 'function_call_output', call_id: call?.call_id ?? '', output: `sent: ${SAID}` },
    ],
  });
  expect(next.output_text).toBe(`sent: ${SAID}`);
  expectMasked(guard.provider);
});

test.each([false, true])('responses of a given form (streamed: %s)', async (stream) => {
  await using guard = await runGuard();
  const client = await open(guard);
  const text = { format: zodTextFormat(Form, 'form') };
  const answer = stream
    ? await client.responses.stream({ ...RESPONSE, text }).finalResponse()
    : await client.responses.parse({ ...RESPONSE, text });
  expect(answer.output_parsed).toEqual({ text: SAID });
  expectMasked(guard.provider);
});

test('embeddings', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const { data } = await client.embeddings.create({ model: 'parrot', input: ['x', SAID] });
  expect(data[0]?.embedding).toEqual([0.5, 0.25]);
  expectMasked(guard.provider);
});

test('models', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  expect((await client.models.list()).data).toMatchObject([{ id: 'parrot' }]);
});

test('the client of Azure', async () => {
  await using guard = await runGuard();
  guard.provider.answer = parrot;
  const client = new AzureOpenAI({
    endpoint: guard.url,
    apiKey: await guard.controller.token(),
    apiVersion: '2024-10-21',
    deployment: 'parrot',
  });
  const answer = await client.chat.completions.create(CHAT);
  expect(answer.choices[0]?.message.content).toBe(SAID);
  expectMasked(guard.provider);
});

test('what the guard refuses is an error that says where', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,aGk=' } };
  const refused = client.chat.completions.create({
    model: 'm',
    messages: [{ role: 'user', content: [image] }],
  });
  await expect(refused).rejects.toThrow(OpenAI.UnprocessableEntityError);
  await expect(refused).rejects.toThrow('messages[0].content[0] was refused: the guard reads text only.');
});

test('a stream that breaks off is an error', async () => {
  await using guard = await runGuard();
  const client = await open(guard);
  guard.provider.answer = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n');
  };
  const said = 'The model provider ended its answer before it was complete.';
  await expect(client.chat.completions.stream(CHAT).finalContent()).rejects.toThrow(said);
  await expect(client.responses.stream(RESPONSE).finalResponse()).rejects.toThrow(said);
});
