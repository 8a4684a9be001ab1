import { expect, test } from 'vitest';
import { found } from './support/found.ts';

test.each([
  ['signed by Vexu Widgets GmbH today', ['Vexu Widgets GmbH']],
  ['The Orbla Trading Inc. agrees', ['Orbla Trading Inc.']],
  ['Smith & Sons Ltd, and Qwerx, LLC.', ['Smith & Sons Ltd', 'Qwerx, LLC.']],
])('finds the organisations in %j', (text, names) => {
  expect(found('ORGANISATION', text)).toEqual(names);
});

test.each(['The Company Inc.', 'a Ltd', 'Marketing Department', 'SE and AG'])('finds none in %j', (text) => {
  expect(found('ORGANISATION', text)).toEqual([]);
});

test.each(['Aa ', 'Aa & ', 'A.', 'Aa, '])('1 MB of %j is read in linear time', (unit) => {
  found('ORGANISATION', unit.repeat(1_000_000 / unit.length));
});
