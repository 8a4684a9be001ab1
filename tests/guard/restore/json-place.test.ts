import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject } from '../../../src/core/json.ts';
import type { MaskedValue } from '../../../src/guard/placeholders.ts';
import { createRestoration, createRestorer, type Encoding } from '../../../src/guard/restore/restorer.ts';

const VALUE = 'a "b" \\\n\tc\u2028 😀';
const VALUES = new Map<string, MaskedValue>([
  ['[PHONE_000000]', { kind: 'PHONE', value: VALUE }],
  ['[CARD_7xq0aa]', { kind: 'CARD', value: '4111111111111111' }],
]);
const HERE = '[PHONE_000000]';

function restore(encoding: Encoding, text: string, cuts: readonly number[] = []): string {
  const restorer = createRestorer(createRestoration(VALUES), encoding);
  const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b)];
  const pieces = places.map((place, index) => text.slice(place, places[index + 1]));
  return pieces.map((piece) => restorer.push(piece)).join('') + restorer.flush();
}

test.each(['text', 'json'] as const)(
  'JSON as %s stays JSON, however deep the value stands in it',
  (encoding) => {
    const nest = (value: string) =>
      JSON.stringify({
        a: [value, { b: JSON.stringify({ c: `to ${value}`, d: JSON.stringify([[], [{ e: value }]]) }) }],
      });
    expect(JSON.parse(restore(encoding, nest(HERE)))).toEqual(JSON.parse(nest(VALUE)));
  },
);

/** What a value is made into where it stands. */
const LEAVES: Readonly<Record<string, (value: string) => string>> = {
  alone: (value) => value,
  between: (value) => `{"a ${value} z`.slice(2),
  json: (value) => JSON.stringify({ x: value, [value]: '\\' }),
  nested: (value) => JSON.stringify([JSON.stringify({ x: [value, '"'] }), value]),
};

function fill(shape: unknown, value: string): unknown {
  if (typeof shape === 'string') return LEAVES[shape]?.(value) ?? shape;
  if (Array.isArray(shape)) return shape.map((item) => fill(item, value));
  if (!isJsonObject(shape)) return shape;
  return Object.fromEntries(Object.entries(shape).map(([key, item]) => [key, fill(item, value)]));
}

test('any JSON with values at any places stays JSON, wherever it is cut', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 5 }),
    fc.constantFrom(...Object.keys(LEAVES)),
  );
  const { shape } = fc.letrec((tie) => ({
    shape: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.dictionary(leaf, tie('shape'), { maxKeys: 3 }),
      fc.array(tie('shape'), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(leaf, shape), fc.array(fc.nat(300), { maxLength: 8 }), (object, cuts) => {
      for (const encoding of ['text', 'json'] as const) {
        const restored = restore(encoding, JSON.stringify(fill(object, HERE)), cuts);
        expect(JSON.parse(restored)).toEqual(JSON.parse(JSON.stringify(fill(object, VALUE))));
      }
    }),
    { numRuns: 1000 },
  );
});

test('where no string is, a number stands as a number and any other value as a string', () => {
  expect(restore('json', `{"a": [CARD_7xq0aa], "b": [${HERE}]}`)).toBe(
    `{"a": 4111111111111111, "b": [${JSON.stringify(VALUE)}]}`,
  );
});

test.each([
  ['prose', `He said "call ${HERE}"`],
  ['prose with a bracket', `[sic] "${HERE}"`],
  ['prose with braces', `{name} is "${HERE}"`],
  ['what follows JSON', `{"a": "b"} and "${HERE}"`],
  ['prose that begins with a placeholder', `${HERE} {"${HERE}"}`],
])('in %s a value stands as it is', (_where, text) => {
  expect(restore('text', text)).toBe(text.replaceAll(HERE, VALUE));
});
