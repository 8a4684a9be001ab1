import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMasker } from '../../src/guard/mask.ts';
import { createPlaceholders } from '../../src/guard/placeholders.ts';
import { createRestoration, createRestorer, type Encoding } from '../../src/guard/restore/restorer.ts';

/** Masks a text, lets a model repeat it in pieces of some length, and restores what it said. */
function goRound(text: string, size: number, encoding: Encoding): string {
  const placeholders = createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' });
  const masked = createMasker(placeholders).text(text);
  const restorer = createRestorer(
    createRestoration(placeholders.values, { request: { text }, output: 'mask' }),
    encoding,
  );
  let restored = '';
  for (let at = 0; at < masked.length; at += size) restored += restorer.push(masked.slice(at, at + size));
  return restored + restorer.flush();
}

/** The codes of these values in this session, so that a document may hold what looks just like their placeholders. */
const CODES = ['jane@acme.io', '536-22-8724'].map((value, index) =>
  createPlaceholders({ key: 'k'.repeat(32), scope: 'finance' }).of(index === 0 ? 'EMAIL' : 'US_SSN', value),
);

const digits = (pattern: string) =>
  fc.array(fc.nat(9), { minLength: 24, maxLength: 24 }).map((some) => {
    let next = 0;
    return pattern.replaceAll('#', () => String(some[next++]));
  });
const value = fc.oneof(
  fc.constantFrom(
    'jane@acme.io',
    '536-22-8724',
    '4111 1111 1111 1111',
    'DE89 3704 0044 0532 0130 00',
    '203.0.113.7',
  ),
  fc.emailAddress(),
  fc.ipV4(),
  digits('+1 415 555 ####'),
  digits('(212) 555-####'),
  digits('5##-2#-8##4'),
  digits('4### #### #### ####'),
);
const lookalike = fc.constantFrom(
  ...CODES,
  ...CODES.map((code) => code.toLowerCase()),
  ...CODES.map((code) => code.slice(1, -1)),
  ...CODES.map((code) => code.replace('_', ' ')),
  ...CODES.map((code) =>
    code
      .replace(/_(?=\w+\]$)/, '\\_')
      .replace('[', '\\[')
      .replace(']', '\\]'),
  ),
  ...CODES.map((code) => `[${code.replace(/.*_|\]/g, '')}]`),
  '[EMAIL_k3f9x2]',
  '[US_SSN_000000]',
  '[EMAIL hidden]',
  '[EMAIL_',
  '_k3f9x2]',
);
const text = fc.oneof(
  fc.lorem({ maxCount: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '[',
    ']',
    '\\',
    '**',
    '`',
    '"',
    '\n',
    ' ',
    ', ',
    '【',
    '\u00a0',
    '😀',
    'EMAIL_',
    'SSN: ',
    'phone ',
  ),
);
const document = fc
  .array(fc.tuple(fc.oneof(value, lookalike, text), fc.constantFrom('', ' ', ' ', ', ', '\n')), {
    maxLength: 14,
  })
  .map((parts) => parts.flat().join(''));

test('10,000 random documents come back exactly as they were', () => {
  fc.assert(
    fc.property(document, fc.integer({ min: 1, max: 9 }), (whole, size) => {
      expect(goRound(whole, size, 'text')).toBe(whole);
    }),
    { numRuns: 10_000 },
  );
});

test('so do 2,000 in JSON, however deep', () => {
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { maxDepth: 3 },
      document,
      document.map((inner) => JSON.stringify({ inner })),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(document, tie('json'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(document, json), fc.integer({ min: 1, max: 9 }), (value, size) => {
      for (const encoding of ['json', 'text'] as const) {
        expect(JSON.parse(goRound(JSON.stringify(value), size, encoding))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }
    }),
    { numRuns: 2000 },
  );
});
