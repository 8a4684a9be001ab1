import { expect, test } from 'vitest';
import { openaiResponses } from '../../../src/guard/shapes/openai-responses.ts';
import type { JsonObject } from '../../../src/guard/shapes/shape.ts';
import { restoreWith } from '../support/shape.ts';

const open = () => restoreWith(openaiResponses);
const event = (type: string, sequence_number: number, fields: JsonObject) => ({
  type: `response.${type}`,
  item_id: 'i1',
  output_index: 0,
  sequence_number,
  ...fields,
});

test.each([
  'output_text',
  'refusal',
  'reasoning_text',
  'reasoning_summary_text',
  'function_call_arguments',
  'mcp_call_arguments',
  'custom_tool_call_input',
  'code_interpreter_call_code',
  'shell_call_command',
])('%s is restored in any pieces', (name) => {
  const events = open();
  const delta = (number: number, piece: string) => event(`${name}.delta`, number, { delta: piece });
  expect(events.restore(delta(4, 'a [EMAIL'), delta(5, '_k3f9x2] b'))).toEqual([
    delta(4, 'a '),
    delta(5, 'jane@acme.io b'),
  ]);
});

test('what is held back comes before the event that ends its text, and later events are numbered anew', () => {
  const events = open();
  const place = { content_index: 1 };
  const text = 'a [EMAIL_k3';
  expect(
    events.restore(
      event('output_text.delta', 4, { ...place, delta: text }),
      event('output_text.done', 5, { ...place, text }),
      event('output_item.done', 6, { item: { type: 'message' } }),
    ),
  ).toEqual([
    event('output_text.delta', 4, { ...place, delta: 'a ' }),
    event('output_text.delta', 5, { ...place, delta: '[EMAIL_k3' }),
    event('output_text.done', 6, { ...place, text }),
    event('output_item.done', 7, { item: { type: 'message' } }),
  ]);
});

test('items, parts and fields of a delta are texts of their own', () => {
  const events = open();
  const delta = (place: JsonObject, piece: unknown) =>
    event('shell_call_output_content.delta', 1, { ...place, delta: piece });
  events.restore(
    delta({ item_id: 'i1', command_index: 0 }, { stdout: '[EMAIL', stderr: 'x [EMAIL_k' }),
    delta({ item_id: 'i1', command_index: 1 }, { stdout: '[EMAIL_k3f9x' }),
  );
  expect(
    events.restore(
      delta({ item_id: 'i1', command_index: 1 }, { stdout: '2]' }),
      delta({ item_id: 'i1', command_index: 0 }, { stdout: '_k3f9x2]', stderr: '3f9x2]' }),
    ),
  ).toMatchObject([
    { delta: { stdout: 'jane@acme.io' } },
    { delta: { stdout: 'jane@acme.io', stderr: 'jane@acme.io' } },
  ]);
});

test('events that repeat whole texts come back restored', () => {
  const events = open();
  const say = (text: string) => [
    event('output_text.done', 7, { text }),
    event('function_call_arguments.done', 8, { arguments: JSON.stringify({ to: text }) }),
    event('content_part.done', 9, { part: { type: 'output_text', text } }),
    event('output_item.done', 10, { item: { type: 'reasoning', summary: [{ text }] } }),
    event('completed', 11, { response: { output: [{ content: [{ text }] }], instructions: text } }),
  ];
  expect(events.isComplete()).toBe(false);
  expect(events.restore(...say('To [EMAIL_k3f9x2]'))).toEqual(say('To jane@acme.io'));
  expect(events.isComplete()).toBe(true);
});

test('a stream that breaks gives up what it holds back, and an error that clients know', () => {
  const events = open();
  events.restore(event('output_text.delta', 4, { delta: 'a [EMAIL' }));
  expect(events.flush()).toEqual([event('output_text.delta', 5, { delta: '[EMAIL' })]);
  expect(events.toError({ status: 502, code: 'upstream_failed', message: 'No.' })).toEqual({
    type: 'error',
    code: 'upstream_failed',
    message: 'No.',
    param: null,
    sequence_number: 6,
    error: { type: 'server_error', code: 'upstream_failed', message: 'No.' },
  });
});

test('usage is read from the event that ends the answer', () => {
  const usage = { input_tokens: 3, output_tokens: 2 };
  expect(openaiResponses.readUsage(event('completed', 9, { response: { usage } }))).toEqual({
    tokensIn: 3,
    tokensOut: 2,
  });
  expect(openaiResponses.readUsage(event('created', 0, { response: { usage: null } }))).toBeUndefined();
});
