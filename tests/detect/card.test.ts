import { describe, expect, test } from 'vitest';
import { found } from './support/found.ts';

// The test numbers that the networks publish.
test.each([
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '3782 822463 10005',
  '30569309025904',
  '6011111111111117',
  '3530111333300000',
  '6200000000000005',
])('finds %s', (number) => {
  expect(found('CARD', `Charge ${number}, please`)).toEqual([number]);
});

test.each([
  '4111111111111112',
  '0000000000000000',
  '4111 11111111 1111',
  '41111111111111111',
  '1234567812345670',
])('%s is no card number', (number) => {
  expect(found('CARD', `Charge ${number}, please`)).toEqual([]);
});

test.each([
  ['Order 1001 4111 1111 1111 1111 123', ['4111 1111 1111 1111']],
  ['4111 1111 1111 1111 5555 5555 5555 4444', ['4111 1111 1111 1111', '5555 5555 5555 4444']],
  ['accounts 6100 6200 4111 1111 1111 1111', []],
])('tells the numbers of %j apart', (text, numbers) => {
  expect(found('CARD', text)).toEqual(numbers);
});

describe('a number of no well-known network', () => {
  test('counts where the text or the field speaks of a card', () => {
    expect(found('CARD', 'my credit card: 122000000000003')).toEqual(['122000000000003']);
    expect(found('CARD', '122000000000003', 'cardNumber')).toEqual(['122000000000003']);
  });

  test('does not count elsewhere', () => {
    expect(found('CARD', 'build 122000000000003')).toEqual([]);
    expect(found('CARD', '122000000000003', 'cardinality')).toEqual([]);
  });
});
