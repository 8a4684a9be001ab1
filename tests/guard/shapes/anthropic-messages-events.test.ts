import { expect, test } from 'vitest';
import { anthropicMessages } from '../../../src/guard/shapes/anthropic-messages.ts';
import type { JsonObject } from '../../../src/guard/shapes/shape.ts';
import { restoreWith } from '../support/shape.ts';

const open = () => restoreWith(anthropicMessages);
const delta = (fields: JsonObject, index = 0) => ({ type: 'content_block_delta', index, delta: fields });
const text = (piece: string, index = 0) => delta({ type: 'text_delta', text: piece }, index);
const stop = (index = 0) => ({ type: 'content_block_stop', index });

test.each([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
])('%s is restored in any pieces', (type, field) => {
  const piece = (value: string) => delta({ type, [field]: value });
  expect(open().restore(piece('a [EMAIL'), piece('_k3f9x2] b'))).toEqual([
    piece('a '),
    piece('jane@acme.io b'),
  ]);
});

test('blocks are texts of their own', () => {
  const events = open();
  events.restore(text('[EMAIL_k3', 0), text('[EMAIL_', 1));
  expect(events.restore(text('k3f9x2]', 1), text('f9x2]', 0))).toEqual([
    text('jane@acme.io', 1),
    text('jane@acme.io', 0),
  ]);
});

test('what is held back comes before the end of its block', () => {
  expect(open().restore(text('a [EMAIL_k3'), stop())).toEqual([text('a '), text('[EMAIL_k3'), stop()]);
});

test('what is held back of a thought comes before its signature', () => {
  const thinking = (piece: string) => delta({ type: 'thinking_delta', thinking: piece });
  const signature = delta({ type: 'signature_delta', signature: 'EqQB' });
  expect(open().restore(thinking('a [EM'), signature, stop())).toEqual([
    thinking('a '),
    thinking('[EM'),
    signature,
    stop(),
  ]);
});

test('whole texts in other events come back', () => {
  const say = (value: string) => [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: value } },
    delta({ type: 'citations_delta', citation: { cited_text: value } }),
    { type: 'message_delta', delta: { stop_reason: 'stop_sequence', stop_sequence: value } },
  ];
  expect(open().restore(...say('To [EMAIL_k3f9x2]'))).toEqual(say('To jane@acme.io'));
});

test('an answer ends with message_stop; one that breaks gives up what it holds back', () => {
  const events = open();
  events.restore(text('a [EMAIL'));
  expect(events.isComplete()).toBe(false);
  expect(events.flush()).toEqual([text('[EMAIL')]);
  expect(events.flush()).toEqual([]);
  events.restore({ type: 'message_stop' });
  expect(events.isComplete()).toBe(true);
});

test('usage is read from the events that tell of it', () => {
  const usage = { input_tokens: 3, output_tokens: 1 };
  expect(anthropicMessages.readUsage({ type: 'message_start', message: { usage } })).toEqual({
    tokensIn: 3,
    tokensOut: 1,
  });
  expect(anthropicMessages.readUsage({ type: 'message_delta', usage: { output_tokens: 7 } })).toEqual({
    tokensIn: null,
    tokensOut: 7,
  });
  expect(anthropicMessages.readUsage({ input_tokens: 42 })).toEqual({ tokensIn: 42, tokensOut: null });
});
