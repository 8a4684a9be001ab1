import { expect, test } from 'vitest';
import { DATA_KINDS, type DataKind } from '../../src/core/kinds.ts';
import { detect } from '../../src/detect/detect.ts';
import { countWork, findUnbounded } from './support/count-work.ts';

/** What is worst for each detector: its beginnings again and again, with nothing that would end them. */
const WORST: Readonly<Record<DataKind, readonly string[]>> = {
  SECRET: ['eyJ', 'eyJaaaaaaaaa.', 'sk-', 'AKIA', 'password=', 'token=a', '-----BEGIN PRIVATE KEY-----'],
  URL_CREDENTIALS: ['a://', 'http://a:b', 'a:'],
  EMAIL: ['@', 'a@', 'a.b@c.', '%40'],
  US_SSN: ['123-45-', 'ssn 1', '1-'],
  PHONE: ['1 ', '+1 2 ', '(', 'phone ', '00 ', '+1', 'ext 1', '1.'],
  CARD: ['4111 ', '1', '4111-'],
  IBAN: ['DE89 ', 'DE89'],
  IP: ['::', '1:1:', 'f:f', '1.1.1.1.', 'a:'],
  MAC: ['00:', '00-', '0012.'],
  US_ITIN: ['912-70-', '912 '],
  NATIONAL_ID: ['A1 ', '1 ', 'AB 12 34 ', '1A', 'M XY '],
  TAX_ID: ['12/345/', 'DE 129 ', 'HRB '],
  HEALTH_ID: ['1EG4-', '943 476 '],
  PASSPORT: ['passport A', 'X1234567'],
  DRIVER_LICENSE: ['driver license ', 'driver license A 1'],
  BANK_ROUTING: ['routing ', '0210-'],
  ACCOUNT: ['account ', 'account number ', 'account: 1', '1234 5678 '],
  EMPLOYEE_ID: ['employee id ', 'staff #'],
  CRYPTO_WALLET: ['bc1', 'bc1q', '0x0', '1A'],
  VEHICLE: ['AB 1', '06 A '],
  COORDINATES: ['12.3456, ', '12.3456 ', '1°', 'lat: 1.'],
  DATE_OF_BIRTH: ['born 1 ', 'born ', 'dob 1/'],
  SALARY: ['salary 1 ', '$1', '1k', '1,000'],
  DATE: ['2026-', '1999 ', 'May 1', '1 May ', '1/'],
  AGE: ['turned 1', '1 years', '1 '],
  POSTCODE: ['zip 1', 'in Ab 123 ', '123 ', 'a\n 123'],
  URL: ['www.', 'a.', 'http://', 'a-'],
  PERSON: ['Mr. A ', 'A ', 'Ada '],
  ADDRESS: ['1 Main ', '1 ', 'Main St '],
  ORGANISATION: ['Acme ', 'Inc. '],
};

/** What the view decodes. */
const HIDING = [
  '\\',
  '\\u004',
  '%',
  '%e2',
  '&#',
  '\x1b[1',
  '\x1b]',
  '\u200b',
  '\u0301',
  '1\u0301',
  'YWJj',
  'YWJj\n',
];

const CASES = [
  ...Object.entries(WORST).flatMap(([kind, units]) => units.map((unit) => [kind, unit] as const)),
  ...HIDING.map((unit) => ['hidden', unit] as const),
];

const fill = (unit: string, length: number): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

const work = (unit: string, length: number) =>
  countWork(() => detect(fill(unit, length), { kinds: DATA_KINDS }));

test.each(CASES)('1 MB of the worst for %s, %j, is ten times the work of 100 KB', (_kind, unit) => {
  const [small, large] = [work(unit, 100_000), work(unit, 1_000_000)];
  expect(large.steps).toBeLessThan(small.steps * 10.5);
});

test('no pattern that reads a whole text repeats anything without a limit', () => {
  const patterns = new Set(CASES.flatMap(([, unit]) => [...work(unit, 20_000).whole]));
  expect([...patterns].filter((source) => findUnbounded(source).length > 0)).toEqual([]);
  expect(patterns.size).toBeGreaterThan(40);
});

test('a pattern that does is told', () => {
  expect(findUnbounded(String.raw`(?<=[+*])\d{2,}x[^a]*\+?`)).toEqual(['c{2,}', 'c*']);
});
