import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { didYouMean, showControls, toShownJson, truncate } from '../../src/core/text.ts';

describe('showControls', () => {
  test.each([
    ['\u001b[2J', '\\x1b[2J'],
    ['a\u0000b', 'a\\x00b'],
    ['\u202eevil', '\\x202eevil'],
    ['\u200fevil', '\\x200fevil'],
    ['\u009b31m', '\\x9b31m'],
    ['a\tb\nc', 'a\tb\nc'],
  ])('%j is shown as %j', (text, shown) => {
    expect(showControls(text)).toBe(shown);
  });

  test('keeps a text on its line where that is asked for', () => {
    expect(showControls('a\tb\nc', { oneLine: true })).toBe('a\\x09b\\x0ac');
  });
});

test('JSON that is shown means the same, and holds nothing that a terminal acts upon', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const shown = toShownJson(value);
      expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(showControls(shown, { oneLine: true })).toBe(shown);
    }),
  );
  expect(toShownJson({ text: '\u009b2J\u202e\u2028' })).toBe('{"text":"\\u009b2J\\u202e\\u2028"}');
});

describe('truncate', () => {
  test('leaves a text that is short enough', () => {
    expect(truncate('chairs', 6)).toBe('chairs');
  });

  test('marks where it cut', () => {
    expect(truncate('chairs', 4)).toBe('cha…');
  });

  test('never exceeds the limit, nor halves a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const cut = truncate(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('didYouMean', () => {
  const ROLES = ['finance', 'manager', 'legal'];

  test.each([
    ['finanse', 'finance'],
    ['manger', 'manager'],
    ['lgal', 'legal'],
    ['marketing', undefined],
    ['', undefined],
  ])('%j means %s', (word, meant) => {
    expect(didYouMean(word, ROLES)).toBe(meant);
  });
});
