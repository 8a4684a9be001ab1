import { describe, expect, test } from 'vitest';
import { found } from '../support/found.ts';

describe('finds the whole of', () => {
  test.each([
    '12 Orchard Lane',
    '1600 N. Vexu Ave NW',
    '12 Orchard Lane, Apt. 4, Springfield, IL 62704',
    '12 Orchard Lane\nSuite 300\nSpringfield, IL 62704\nUSA',
    'P.O. Box 1234',
    'Postfach 12 34 56'.slice(0, 11),
    'Rosenstraße 12, 10115 Berlin',
    'Am Alten Rosenweg 3a',
    '14 rue de la Paix, 75002 Paris, France',
    'Via Roma 12, 00184 Roma, Italy',
    'Calle de Vexu 12',
    'ul. Północna 73',
    'Storgatan 5, 111 22 Stockholm, Sweden',
    'Laukaantie 80',
    'Prinsengracht 263, 1016 GV Amsterdam',
    '10 Vexu Street, London SW1A 2AA',
    'Springfield, IL 62704',
    'PSC 1234, Box 5678',
    'Suite 300',
  ])('%j', (address) => {
    expect(found('ADDRESS', `Send it to ${address}; thanks`)).toEqual([address]);
  });
});

test.each([
  '3 May 2026',
  '12 Tesla 3',
  'Section 3 Street',
  'We sold 12 Units in Q3 2026',
  '5 Key Risks And 12 Controls',
  'Route 66'.toLowerCase(),
  'Version 3, Chapter 12',
  'in 2026 Finance 12',
  'Cost Center 41000',
  'FY 2025 Budget 2026',
  'During 1971, Ada',
  'Engineering 12',
])('finds nothing in %j', (text) => {
  expect(found('ADDRESS', text)).toEqual([]);
});

test.each([
  '1 A',
  '1 Aa ',
  'Aa ',
  'Rue ',
  'rue de la ',
  '12 Aa Street, ',
  'Aaweg ',
  ', Aa',
  '1 ',
  'A\n',
  'Apt 1 ',
])('1 MB of %j is read in linear time', (unit) => {
  found('ADDRESS', unit.repeat(1_000_000 / unit.length));
});
