import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMasker } from '../../../src/guard/mask.ts';
import { createPlaceholders } from '../../../src/guard/placeholders.ts';
import { createRestoration } from '../../../src/guard/restore/restorer.ts';
import { restoreStream } from '../../../src/guard/restore/stream.ts';
import { restoreEvents } from '../../../src/guard/shapes/openai-chat-events.ts';
import { chunk, DONE } from '../support/provider.ts';
import { readStream } from '../support/stream.ts';

const TEXT =
  'Dear “jane@acme.io”,\n\tSSN 123-45-6789 [sic], "card" 4111 1111 1111 1111 \\ +1 415 555 0132 😀 [EMAIL_';

/** How a model repeats a text: as content, or as the arguments of a tool call. */
type Wrap = (piece: string) => Readonly<Record<string, unknown>>;
const asContent: Wrap = (content) => ({ content });
const asArguments: Wrap = (piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] });

function createSession() {
  const placeholders = createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' });
  const masker = createMasker(placeholders);

  return {
    mask: (text: string) => masker.text(text),
    /** What the agent reads when the stream of a model arrives in these pieces. */
    async restore(pieces: Iterable<Uint8Array>) {
      let stream = '';
      const events = restoreEvents(createRestoration(placeholders.values));
      const answer = {
        body: Readable.from(pieces),
        events,
        onEvent: () => undefined,
        explainBreak: () => ({ status: 502, code: '', message: '' }),
      };
      for await (const part of restoreStream(answer)) stream += part;
      return readStream(stream);
    },
  };
}

/** Cuts at the given places, which may be in any order and beyond the end. */
function cut<T extends { readonly length: number; slice(start: number, end?: number): T }>(
  whole: T,
  at: readonly number[],
): T[] {
  const places = [0, ...at.filter((place) => place < whole.length).sort((a, b) => a - b)];
  return places.map((place, index) => whole.slice(place, places[index + 1]));
}

function say(wrap: Wrap, pieces: readonly string[]): Uint8Array {
  return new TextEncoder().encode(
    [...pieces.map((piece) => chunk(wrap(piece))), chunk({}, 'stop'), DONE].join(''),
  );
}

const anyCuts = fc.array(fc.nat(4000), { maxLength: 12 });
const fragment = fc.oneof(
  fc.constantFrom(
    'jane@acme.io',
    '123-45-6789',
    '+1 415 555 0132',
    'DE89 3704 0044 0532 0130 00',
    '10.1.2.3',
  ),
  fc.constantFrom(
    '[',
    ']',
    '[EMAIL_',
    '[EMAIL_k3f9x2]',
    '"',
    '\\',
    '\n',
    '\\n',
    ' ',
    ', ',
    '😀',
    'é',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
// It begins with a word, so that it is prose: JSON text is masked by other rules.
const anyText = fc.array(fragment, { maxLength: 15 }).map((fragments) => `Say ${fragments.join(' ')}`);

test('a repeated text comes back as it was, wherever its bytes are cut once', async () => {
  const session = createSession();
  const bytes = say(asContent, cut(session.mask(TEXT), [7, 20, 33, 60, 61]));
  for (let place = 1; place < bytes.length; place++) {
    const read = await session.restore(cut(bytes, [place]));
    expect(read).toMatchObject({ content: TEXT, finished: true, done: true });
  }
});

test('repeated arguments come back as valid JSON, wherever their bytes are cut once', async () => {
  const session = createSession();
  const bytes = say(asArguments, cut(session.mask(JSON.stringify({ to: [TEXT] })), [7, 20, 33, 60, 61]));
  for (let place = 1; place < bytes.length; place++) {
    const read = await session.restore(cut(bytes, [place]));
    expect(JSON.parse(read.arguments[0] ?? '')).toEqual({ to: [TEXT] });
  }
});

test('any text comes back, in any deltas and any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyCuts, anyCuts, async (text, deltas, bytes) => {
      const session = createSession();
      const stream = say(asContent, cut(session.mask(text), deltas));
      expect((await session.restore(cut(stream, bytes))).content).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('any arguments come back, in any deltas and any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(anyText, anyText), anyCuts, anyCuts, async (values, deltas, bytes) => {
      const session = createSession();
      const stream = say(asArguments, cut(session.mask(JSON.stringify(values)), deltas));
      const read = await session.restore(cut(stream, bytes));
      expect(JSON.parse(read.arguments[0] ?? '')).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test('one event in gives at most one event out, and comments pass', async () => {
  const session = createSession();
  const masked = session.mask('jane@acme.io');
  const stream = say(asContent, cut(masked, [3, 5, 9]));
  const { events } = await session.restore([new TextEncoder().encode(': waiting\n\n'), stream]);
  expect(events).toHaveLength(6);
});
