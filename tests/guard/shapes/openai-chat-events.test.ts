import { expect, test } from 'vitest';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import { createRestoration } from '../../../src/guard/restore/restorer.ts';
import { restoreEvents } from '../../../src/guard/shapes/openai-chat-events.ts';
import type { JsonObject } from '../../../src/guard/shapes/shape.ts';

const VALUES = new Map<string, MaskedValue>([['[EMAIL_k3f9x2]', { kind: 'EMAIL', value: 'jane@acme.io' }]]);

/** Of this shape each event gives one. */
function open() {
  const events = restoreEvents(createRestoration(VALUES));
  const only = ([event, ...more]: readonly unknown[]) => {
    expect(more).toEqual([]);
    return event;
  };
  return {
    restore: (event: JsonObject) => only(events.restore(event)),
    flush: () => only(events.flush()),
    isComplete: () => events.isComplete(),
  };
}

const event = (delta: unknown, finish_reason: string | null = null, index = 0) => ({
  id: 'c1',
  choices: [{ index, delta, finish_reason }],
});

test('fields of a delta and choices are texts of their own', () => {
  const events = open();
  events.restore(event({ role: 'assistant', content: 'a [EMAIL_', reasoning: 'b [EMAIL_' }));
  events.restore(event({ content: 'c [EMAIL_' }, null, 1));
  expect(events.restore(event({ reasoning: 'zzzzzz]', content: 'k3f9x2]' }))).toEqual(
    event({ reasoning: '[EMAIL_zzzzzz]', content: 'jane@acme.io' }),
  );
  expect(events.restore(event({ content: 'k3f9x2]' }, null, 1))).toEqual(
    event({ content: 'jane@acme.io' }, null, 1),
  );
});

test('each tool call is a text of its own, and names and ids pass', () => {
  const events = open();
  const calls = (...pieces: string[]) => ({
    tool_calls: pieces.map((piece, index) => ({
      index,
      id: `call_${index}`,
      function: { name: 'f', arguments: piece },
    })),
  });
  expect(events.restore(event(calls('"[EMAIL_k3', '"[EMAIL')))).toEqual(event(calls('"', '"')));
  expect(events.restore(event(calls('f9x2]"', '_k3f9x2]"')))).toEqual(
    event(calls('jane@acme.io"', 'jane@acme.io"')),
  );
});

test.each([
  ['the arguments of a function', (piece: string) => ({ function_call: { name: 'f', arguments: piece } })],
  [
    'the input of a custom tool',
    (piece: string) => ({ tool_calls: [{ index: 0, custom: { input: piece } }] }),
  ],
  ['content in parts', (piece: string) => ({ content: [{ type: 'text', text: piece }] })],
  ['reasoning in parts', (piece: string) => ({ reasoning_details: [{ index: 2, text: piece }] })],
])('%s are restored in any pieces', (_place, delta) => {
  const events = open();
  expect(events.restore(event(delta('a [EMAIL')))).toEqual(event(delta('a ')));
  expect(events.restore(event(delta('_k3f9x2] b [EM')))).toEqual(event(delta('jane@acme.io b ')));
  expect(events.restore(event(delta('!'), 'stop'))).toEqual(event(delta('[EM!'), 'stop'));
});

test('what is held back comes with the finish_reason, at its place', () => {
  const events = open();
  events.restore(
    event({ content: 'a [EMAIL_k3', tool_calls: [{ index: 1, function: { arguments: 'b [EMAIL' } }] }),
  );
  expect(events.isComplete()).toBe(false);
  expect(events.restore(event({ content: 'f9' }, 'length'))).toEqual(
    event(
      { content: '[EMAIL_k3f9', tool_calls: [{ index: 1, function: { arguments: '[EMAIL' } }] },
      'length',
    ),
  );
  expect(events.isComplete()).toBe(true);
  expect(events.flush()).toBeUndefined();
});

test('what is held back comes with the call that the last event has open', () => {
  const events = open();
  const call = (piece: string) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
  expect(events.restore(event(call('x [EMAIL'), 'tool_calls'))).toEqual(
    event(call('x [EMAIL'), 'tool_calls'),
  );
});

test('without a finish_reason it comes when it is asked for', () => {
  const events = open();
  events.restore(event({ content: 'a [EMAIL_k3' }));
  expect(events.flush()).toEqual({
    id: 'c1',
    usage: null,
    choices: [{ index: 0, delta: { content: '[EMAIL_k3' }, finish_reason: null }],
  });
});

test('a tool is told what the profile lets it know, by the name that came before its arguments', () => {
  const events = restoreEvents(createRestoration(VALUES, { egress: { mail: ['EMAIL'] } }));
  const call = (piece: string, name?: string) => ({
    tool_calls: [
      { index: 0, function: { name, arguments: piece } },
      { index: 1, function: { arguments: piece } },
    ],
  });
  events.restore(event(call('', 'mail')));
  expect(events.restore(event({ content: '[EMAIL_k3f9x2]', ...call('"[EMAIL_k3f9x2]"') }))).toEqual([
    event({
      content: 'jane@acme.io',
      tool_calls: [
        { index: 0, function: { name: undefined, arguments: '"jane@acme.io"' } },
        { index: 1, function: { arguments: '"[EMAIL_k3f9x2]"' } },
      ],
    }),
  ]);
});

test('events without choices and deltas of unknown form pass as they are', () => {
  const events = open();
  for (const odd of [
    { usage: { prompt_tokens: 1 } },
    { choices: [] },
    { choices: ['x', null] },
    { object: 'ping' },
  ]) {
    expect(events.restore(odd)).toEqual(odd);
  }
  expect(events.restore(event({ content: null, tool_calls: ['x', { index: 0 }], n: 1 }))).toEqual(
    event({ content: null, tool_calls: ['x', { index: 0 }], n: 1 }),
  );
});
