import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detect } from '../../src/detect/detect.ts';

const values = (text: string) => detect(text).map(({ start, end }) => text.slice(start, end));

test.each([
  ['1001,Ada,536-22-8724,4111111111111111,212-555-0187', '536-22-8724 4111111111111111 212-555-0187'],
  ['536-22-8724,536-22-8725', '536-22-8724 536-22-8725'],
  ['4111111111111111,12/27', '4111111111111111'],
  ['7,+12125550187,9', '+12125550187'],
  ['"1001","536-22-8724","DE89370400440532013000"', '536-22-8724 DE89370400440532013000'],
  ["('1001','536-22-8724',10.0.0.1)", '536-22-8724 10.0.0.1'],
  ['1001\t536-22-8724\t378282246310005\t07700-063966', '536-22-8724 378282246310005 07700-063966'],
  ['| 1001 | 536-22-8724 |+12125550187|10.0.0.1|', '536-22-8724 +12125550187 10.0.0.1'],
  ['ada:x:1001:536-22-8724:212-555-0187:/home/ada', '536-22-8724 212-555-0187'],
  ['[1001,4111111111111111,5555555555554444]', '4111111111111111 5555555555554444'],
  ['10:30:00,212-555-0187', '212-555-0187'],
  ['id=7&to=%2B12125550187&from=ada%40acme.io', '%2B12125550187 ada%40acme.io'],
  ['7%2C536-22-8724%2C4111111111111111', '536-22-8724 4111111111111111'],
  [String.raw`{\u0022ssn\u0022:\u0022536-22-8724\u0022}`, '536-22-8724'],
])('finds what stands in %j', (row, expected) => {
  expect(values(row).join(' ')).toBe(expected);
});

test.each([
  '1.250.000,00',
  'call: 1.250.000,00',
  'call: 1 250 000,50;7',
  'phone,+49.500.000,00',
  'contact 1,250,000.00,7',
  '0,012 345 678 9',
  '7,10:30,2026-11-22,10:30:00,123',
  '233.130.660,04/2981-5142',
  '6100,6200,6300,6400,6500',
  '1,1.52.0,22.19.0,18.4.0',
])('finds nothing in %j', (row) => {
  expect(values(row)).toEqual([]);
});

describe('between any pair of usual separators', () => {
  const SAMPLES = [
    '536-22-8724',
    '536 22 8724',
    '4111111111111111',
    '4111 1111 1111 1111',
    '3782-822463-10005',
    '+12125550187',
    '+44 20 7123 4567',
    '212-555-0187',
    '(212) 555-0187',
    '07700 063 966',
    'DE89370400440532013000',
    'DE89 3704 0044 0532 0130 00',
    '203.0.113.7',
    '2001:db8::1',
    'ada@acme.io',
  ];
  const SEPARATORS = [
    ',',
    ';',
    ':',
    '/',
    '|',
    '\t',
    '\n',
    '\r\n',
    '_',
    '=',
    '"',
    "'",
    ', ',
    ' | ',
    '","',
    "','",
  ];
  const BRACKETS = ['()', '[]', '{}', '<>', '""', "''", '``', '**'];
  const around = fc.oneof(
    fc.tuple(fc.constantFrom(...SEPARATORS), fc.constantFrom(...SEPARATORS)),
    fc.constantFrom(...BRACKETS).map((pair) => [pair.charAt(0), pair.charAt(1)] as const),
  );
  const neighbour = fc.oneof(
    fc.constantFrom('', 'Ada', '1001', '7', '12/27', '125,000.00', '0.5', '2026-11-22'),
    fc.constantFrom(...SAMPLES),
  );

  // A colon may belong to an address of version 6, or make a time of two digits, and of groups that have no form of
  // their own slashes and underscores make a path or an id.
  const canPart = (value: string, sign: string) =>
    !(value.includes('::') && sign === ':') && !(value.startsWith('07') && /[:/_]/.test(sign));

  test('a value stays hidden, whatever stands beside it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        around,
        fc.tuple(neighbour, neighbour),
        (value, [open, close], [left, right]) => {
          fc.pre([left, value, right].every((text) => canPart(text, open) && canPart(text, close)));
          const start = left.length + open.length;
          const spans = detect(`${left}${open}${value}${close}${right}`);
          // Of any kind: a number before an address may be its beginning.
          expect(spans.some((span) => span.start <= start && span.end >= start + value.length)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
