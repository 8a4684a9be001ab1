import { describe, expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each([
  ['due 2026-11-22', '2026-11-22'],
  ['due 2026-11-22T10:30:00Z', '2026-11-22T10:30:00Z'],
  ['due 22.11.2026', '22.11.2026'],
  ['due 11/22/26', '11/22/26'],
  ['due 22 November 2026', '22 November 2026'],
  ['due Nov. 22nd, 2026', 'Nov. 22nd, 2026'],
  ['due November 2026', 'November 2026'],
  ['signed in 1987', '1987'],
  ['a 1998 Toyota', '1998'],
  ['see you on Tuesday', 'Tuesday'],
])('finds the date in %j', (text, date) => {
  expect(found('DATE', text)).toEqual([date]);
});

test.each([
  '32.13.2026',
  'version 1.2.3',
  'at 10.0.0.1',
  'order 1987',
  'every last 2000 of them',
  'the last Sunday of May',
])('finds none in %j', (text) => {
  expect(found('DATE', text)).toEqual([]);
});

describe('a date of birth', () => {
  test.each([
    ['Born on 4/5/1992 in Rome', '4/5/1992'],
    ['DOB: 1992-05-04', '1992-05-04'],
    ['"date_of_birth": "04.05.1992"', '04.05.1992'],
    ['my date of birth. It is 4 May 1992', '4 May 1992'],
    ['geboren am 04.05.1992', '04.05.1992'],
  ])('is told by the words of %j', (text, date) => {
    expect(found('DATE_OF_BIRTH', text)).toEqual([date]);
  });

  test('is told by the name of its field', () => {
    expect(found('DATE_OF_BIRTH', '1992-05-04', 'birthDate')).toEqual(['1992-05-04']);
  });

  test.each(['due 2026-11-22', 'born to run. Due 2026 or 1992-05-04', 'reborn 1992-05-04'])(
    'is none in %j',
    (text) => {
      expect(found('DATE_OF_BIRTH', text)).toEqual([]);
    },
  );
});
