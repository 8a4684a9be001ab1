import { describe, expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each([
  ['SSN: 123-45-6789.', '123-45-6789'],
  ['it is 078 05 1123', '078 05 1123'],
  ['(123‑45‑6789)', '123‑45‑6789'],
  [String.raw`a\n123-45-6789`, '123-45-6789'],
  ['file_123-45-6789.pdf', '123-45-6789'],
])('finds the grouped number in %j', (text, number) => {
  expect(found('US_SSN', text)).toEqual([number]);
});

test.each(['000-12-3456', '666-12-3456', '912-12-3456', '123-00-4567', '123-45-0000', '123-45 6789'])(
  '%s was never issued or is not one number',
  (text) => {
    expect(found('US_SSN', text)).toEqual([]);
  },
);

describe('nine digits without hyphens', () => {
  test.each([
    'His social security number is 123456789',
    'SSN=123456789',
    '123456789 is her SSN',
    'SSN 123.45.6789',
  ])('count in %j', (text) => {
    expect(found('US_SSN', text)).toHaveLength(1);
  });

  test('count by the name of their field', () => {
    expect(found('US_SSN', '123456789', 'employeeSSN')).toEqual(['123456789']);
    expect(found('US_SSN', '123456789', 'order_id')).toEqual([]);
  });

  test.each(['order 123456789', 'lessness 123456789', 'SSN 1234567890'])('do not count in %j', (text) => {
    expect(found('US_SSN', text)).toEqual([]);
  });
});
