import { expect, test } from 'vitest';
import { found } from './support/found.ts';

// Examples of the SWIFT IBAN Registry.
test.each([
  'GB29NWBK60161331926819',
  'GB29 NWBK 6016 1331 9268 19',
  'gb29nwbk60161331926819',
  'DE89-3704-0044-0532-0130-00',
  'NO93 8601 1117 947',
  'FR14 2004 1010 0505 0001 3M02 606',
  'MT84MALT011000012345MTLCAST001S',
])('finds %s', (iban) => {
  expect(found('IBAN', `Pay to ${iban}, soon`)).toEqual([iban]);
  expect(found('IBAN', `${iban} is mine`)).toEqual([iban]);
});

test.each([
  'GB28NWBK60161331926819',
  'GB29NWBK6016133192681',
  'GB29NWBK601613319268190',
  'XX29NWBK60161331926819',
  'GB29 NWBK6016 1331 9268 19',
  'GB29',
])('%s is none', (text) => {
  expect(found('IBAN', `Pay to ${text}, soon`)).toEqual([]);
});
