import { expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each(['00:1A:2B:3C:4D:5E', '01-23-45-67-89-ab', '0012.3456.789a'])('finds %s', (address) => {
  expect(found('MAC', `card ${address}, up`)).toEqual([address]);
});

test.each([
  'ff:ff:ff:ff:ff:ff',
  '00:00:00:00:00:00',
  '00:1A:2B:3C:4D',
  '00:1A:2B-3C:4D:5E',
  '16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48',
])('%s is none', (text) => {
  expect(found('MAC', text)).toEqual([]);
});
