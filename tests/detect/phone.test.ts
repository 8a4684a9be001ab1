import { describe, expect, test } from 'vitest';
import { found } from './support/found.ts';

describe('without a word nearby', () => {
  test.each([
    '+1 415 555 0132',
    '+14155550132',
    '+44 (20) 7123 4567',
    '+46 (0)8 928 571 38',
    '0044 20 7123 4567',
    '(415) 555-0132',
    '415-555-0132',
    '415.555.0132',
    '1-415-555-0132',
    '463-612-6138x036',
    '(530) 583-6985 ext. 302',
    '01.84.17.61.18',
    '(08) 8747 6301',
    '07700 063 966',
    '0961-7596216',
  ])('%s is found', (number) => {
    expect(found('PHONE', `Her data: ${number}.`)).toEqual([number]);
    expect(found('PHONE', `x ${number}, y`)).toEqual([number]);
  });

  test.each(['4155550132', '467 3395', '9472 7916', '13812345678'])('%s is not', (number) => {
    expect(found('PHONE', `x ${number}, y`)).toEqual([]);
  });
});

describe('with a word nearby', () => {
  test.each([
    ['Phone: 4155550132', '4155550132'],
    ['Can someone call me on 9472 7916?', '9472 7916'],
    ['Tel.\n467 3395', '467 3395'],
    ['781 1704 office', '781 1704'],
    ['"mobile": "13812345678"', '13812345678'],
  ])('the number in %j is found', (text, number) => {
    expect(found('PHONE', text)).toEqual([number]);
  });

  test('the name of the field is such a word', () => {
    expect(found('PHONE', '4155550132', 'phoneNumber')).toEqual(['4155550132']);
    expect(found('PHONE', '4155550132', 'telemetry_id')).toEqual([]);
  });
});

test('of two numbers in a row each is found', () => {
  expect(found('PHONE', '+1 415 555 0132 +49 30 1234567')).toEqual(['+1 415 555 0132', '+49 30 1234567']);
});

test('a number of another kind behind it is left alone', () => {
  expect(found('PHONE', '+1 415 555 0132 2026')).toEqual(['+1 415 555 0132']);
});
