import { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMasker } from '../../../src/guard/mask.ts';
import { createPlaceholders } from '../../../src/guard/placeholders.ts';
import { createRestoration } from '../../../src/guard/restore/restorer.ts';
import { restoreStream } from '../../../src/guard/restore/stream.ts';
import { anthropicMessages } from '../../../src/guard/shapes/anthropic-messages.ts';
import { openaiResponses } from '../../../src/guard/shapes/openai-responses.ts';
import type { JsonObject, Shape } from '../../../src/guard/shapes/shape.ts';

/** One way in which an API streams a text. */
interface Way {
  readonly name: string;
  readonly shape: Shape;
  readonly isJson: boolean;
  /** The events of a whole answer which brings a text in these pieces. */
  write(pieces: readonly string[]): readonly JsonObject[];
  /** The text as a client puts it together from the events. */
  read(events: readonly JsonObject[]): string;
  /** The text as later events repeat it. */
  repeated(events: readonly JsonObject[]): readonly unknown[];
}

function ofResponses(name: string, field: string, isJson: boolean): Way {
  const place = { item_id: 'i', output_index: 0, content_index: 0 };
  return {
    name: `response.${name}`,
    shape: openaiResponses,
    isJson,
    write: (pieces) =>
      [
        { type: 'response.created', response: { output: [] } },
        ...pieces.map((delta) => ({ type: `response.${name}.delta`, ...place, delta })),
        { type: `response.${name}.done`, ...place, [field]: pieces.join('') },
        { type: 'response.completed', response: { output: [{ [field]: pieces.join('') }] } },
      ].map((event, sequence_number) => ({ ...event, sequence_number })),
    read: (events) => events.map(({ delta }) => (typeof delta === 'string' ? delta : '')).join(''),
    repeated: (events) => [
      events.at(-2)?.[field],
      (events.at(-1) as { response: { output: readonly JsonObject[] } }).response.output[0]?.[field],
    ],
  };
}

function ofMessages(type: string, field: string, isJson: boolean): Way {
  return {
    name: type,
    shape: anthropicMessages,
    isJson,
    write: (pieces) => [
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...pieces.map((piece) => ({ type: 'content_block_delta', index: 0, delta: { type, [field]: piece } })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_stop' },
    ],
    read: (events) =>
      events
        .map(({ delta }) => (delta as JsonObject | undefined)?.[field])
        .filter((piece) => typeof piece === 'string')
        .join(''),
    repeated: () => [],
  };
}

const WAYS = [
  ofResponses('output_text', 'text', false),
  ofResponses('refusal', 'refusal', false),
  ofResponses('reasoning_summary_text', 'text', false),
  ofResponses('function_call_arguments', 'arguments', true),
  ofMessages('text_delta', 'text', false),
  ofMessages('thinking_delta', 'thinking', false),
  ofMessages('input_json_delta', 'partial_json', true),
];

const fragment = fc.oneof(
  fc.constantFrom(
    'jane@acme.io',
    '123-45-6789',
    '+1 415 555 0132',
    '[',
    ']',
    '[EMAIL_',
    '"',
    '\\',
    '\n',
    '😀',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const anyText = fc.array(fragment, { maxLength: 10 }).map((fragments) => `Say ${fragments.join(' ')}`);
const anyCuts = fc.array(fc.nat(3000), { maxLength: 10 });

test.each(WAYS)('$name comes back as it was, in any deltas and any bytes', async (way) => {
  await fc.assert(
    fc.asyncProperty(anyText, anyCuts, anyCuts, async (said, deltas, bytes) => {
      const text = way.isJson ? JSON.stringify({ to: [said] }) : said;
      const placeholders = createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' });
      const masked = createMasker(placeholders).text(text);
      const restorer = way.shape.restoreEvents?.(createRestoration(placeholders.values));
      if (restorer === undefined) throw new Error('The shape is not streamed.');
      const events = await pass(cut(encode(way.write(cut(masked, deltas))), bytes), restorer);
      const same = (value: unknown) => {
        if (way.isJson) expect(JSON.parse(String(value))).toEqual(JSON.parse(text));
        else expect(value).toBe(text);
      };
      same(way.read(events));
      for (const repetition of way.repeated(events)) same(repetition);
      const numbers = events.flatMap(({ sequence_number: number }) => (number === undefined ? [] : [number]));
      expect(numbers).toEqual(numbers.map((_, index) => index));
    }),
    { numRuns: 200 },
  );
});

function encode(events: readonly JsonObject[]): Uint8Array {
  const stream = events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`);
  return new TextEncoder().encode(stream.join(''));
}

/** What a client reads of a stream that comes in these pieces; every event is named after its type. */
async function pass(
  pieces: readonly Uint8Array[],
  events: NonNullable<ReturnType<NonNullable<Shape['restoreEvents']>>>,
): Promise<readonly JsonObject[]> {
  const read: JsonObject[] = [];
  const parser = createParser({
    onEvent: ({ event: name, data }) => {
      const event = JSON.parse(data) as JsonObject;
      expect(name).toBe(event['type']);
      read.push(event);
    },
  });
  const answer = {
    body: Readable.from(pieces),
    events,
    onEvent: () => undefined,
    explainBreak: (error: unknown) => {
      throw error;
    },
  };
  for await (const part of restoreStream(answer)) parser.feed(part);
  return read;
}

/** Cuts at the given places, which may be in any order and beyond the end. */
function cut<T extends { readonly length: number; slice(start: number, end?: number): T }>(
  whole: T,
  at: readonly number[],
): T[] {
  const places = [0, ...at.filter((place) => place < whole.length).sort((a, b) => a - b)];
  return places.map((place, index) => whole.slice(place, places[index + 1]));
}
