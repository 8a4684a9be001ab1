import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount, parseData, parseId } from '../../src/cli/parse.ts';

test.each([
  ['125000', 125_000],
  ['125,000', 125_000],
  ['1,250,000.5', 1_250_000.5],
  ['0.99', 0.99],
])('%s is an amount', (text, amount) => {
  expect(parseAmount(text)).toBe(amount);
});

test.each([
  '',
  ' ',
  '1,5',
  '1.000,50',
  '12,34',
  '1,0000',
  '1.234',
  '1e6',
  '0x10',
  '-1',
  '+1',
  '1_000',
  'Infinity',
])('%j is no amount, rather than another one', (text) => {
  expect(() => parseAmount(text)).toThrow('Expected an amount');
});

test('what an amount says is what is sent, to the cent, with and without commas', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (cents) => {
      const amount = cents / 100;
      expect(parseAmount(amount.toFixed(2))).toBe(amount);
      expect(parseAmount(amount.toLocaleString('en-US', { minimumFractionDigits: 2 }))).toBe(amount);
    }),
  );
});

test.each(['{"a":1e999}', '{"a":{"b":[-1e999]}}', '{"id":12345678901234567890}'])(
  'data with a number that would arrive as another is refused: %s',
  (text) => {
    expect(() => parseData(text)).toThrow('too large to be kept exactly');
  },
);

test('other data arrives as it is', () => {
  const data = { quarter: 'Q1', figures: [1, -2.5, 9_007_199_254_740_991], none: null, ü: { ok: true } };
  expect(parseData(JSON.stringify(data))).toEqual(data);
  expect(() => parseData('[1]')).toThrow('Expected a JSON object');
});

test('an id is a UUID', () => {
  expect(parseId('3f0c6a1e-8a55-4f0e-9d3c-6f6f7a3d2b11')).toBe('3f0c6a1e-8a55-4f0e-9d3c-6f6f7a3d2b11');
  expect(() => parseId('../../events')).toThrow('Expected a UUID, found "../../events".');
});
