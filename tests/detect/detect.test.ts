import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detect } from '../../src/detect/detect.ts';

test('gives spans of several kinds in the order of the text', () => {
  const text = 'jane@acme.io, 123-45-6789, 415-555-0132, 4111111111111111, GB29NWBK60161331926819, 10.0.0.1';
  expect(detect(text).map(({ kind }) => kind)).toEqual(['EMAIL', 'US_SSN', 'PHONE', 'CARD', 'IBAN', 'IP']);
});

test('looks only for the kinds it is asked for', () => {
  expect(detect('jane@acme.io 123-45-6789', { kinds: ['US_SSN'] })).toEqual([
    { start: 13, end: 24, kind: 'US_SSN', confidence: 0.85 },
  ]);
  expect(detect('jane@acme.io', { kinds: [] })).toEqual([]);
});

test('of overlapping spans the longest stays', () => {
  const text = 'card 4111111111111111@acme.io';
  expect(detect(text)).toMatchObject([{ start: 5, end: text.length, kind: 'EMAIL' }]);
});

test('of two spans that overlap in part nothing stays visible', () => {
  const text = "2001:db8::1'jane@acme.io";
  expect(detect(text)).toMatchObject([{ start: 0, end: text.length, kind: 'EMAIL' }]);
});

test('offsets hold behind characters of two units and digits of other scripts', () => {
  const text = '😀 SSN １２３-４５-６７８９ 😀';
  expect(detect(text).map(({ start, end }) => text.slice(start, end))).toEqual(['１２３-４５-６７８９']);
});

describe('on any text', () => {
  const fragment = fc.constantFrom(
    '@',
    '.',
    '-',
    '::',
    ' ',
    '+1',
    '(',
    ')',
    '415',
    '555',
    '0132',
    '4111',
    'phone',
    'DE89',
    '123-45-',
    '\\n',
    '😀',
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(fc.oneof(fragment, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 60 })
      .map((all) => all.join('')),
  );

  test('it never throws, and spans are sorted, apart and inside the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let from = 0;
        for (const { start, end } of detect(text)) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          from = end;
        }
        expect(from).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });
});
