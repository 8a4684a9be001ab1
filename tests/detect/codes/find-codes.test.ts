import { describe, expect, test } from 'vitest';
import { DATA_KINDS } from '../../../src/core/kinds.ts';
import { findSpans } from '../../../src/detect/detect.ts';
import { found } from '../support/found.ts';

/** The forms that are seen in a text at the usual threshold. */
const formsIn = (text: string): readonly string[] =>
  findSpans(text, { kinds: DATA_KINDS }).flatMap(({ form }) => form ?? []);

// Numbers that the issuers themselves, or the literature on check digits, give as examples.
test.each([
  ['AU_ABN', 'ABN 51 824 753 556'],
  ['AU_ABN', '51 824 753 556'],
  ['AU_TFN', 'his TFN: 123 456 782'],
  ['AT_SVNR', 'SV-Nummer 1237 010180'],
  ['BE_RRN', '85.07.30-033.28'],
  ['BG_EGN', 'EGN 7523169263'],
  ['BR_CPF', '111.444.777-35'],
  ['BR_CPF', 'CPF 11144477735'],
  ['BR_CNPJ', '11.222.333/0001-81'],
  ['CA_SIN', '046 454 286 is not one, but SIN 130-692-544'],
  ['CH_AHV', '756.9217.0769.85'],
  ['CL_RUT', '12.345.678-5'],
  ['CN_RESIDENT_ID', '11010519491231002X'],
  ['CZ_RODNE_CISLO', '736028/5163'],
  ['DE_TAX_ID', 'Steuer-ID 86 095 742 719'],
  ['DE_SOCIAL_SECURITY', '65070803A019'],
  ['DE_VAT_ID', 'DE136695976'],
  ['ES_NIE', 'X1234567L'],
  ['ES_NIF', '12345678Z'],
  ['FI_PERSONAL_IDENTITY_CODE', '131052-308T'],
  ['FR_NIR', '2 69 05 49 588 157 80'],
  ['IE_PPS', 'PPS 1234567T'],
  ['IN_AADHAAR', 'Aadhaar: 2341 2341 2346'],
  ['IN_PAN', 'ABCPD1234Z'],
  ['IT_FISCAL_CODE', 'RSSMRA85T10A562S'],
  ['KR_RRN', '960121-1021413'],
  ['MX_CURP', 'HEGG560427MVZRRL04'],
  ['MY_NRIC', '800101-14-1234'],
  ['NL_BSN', 'BSN: 111222333'],
  ['NO_FODSELSNUMMER', '01010750160'],
  ['PL_PESEL', '44051401359'],
  ['RO_CNP', '1800101221144'],
  ['SE_PERSONNUMMER', '811228-9874'],
  ['SG_NRIC_FIN', 'S1234567D'],
  ['TR_NATIONAL_ID', 'TC Kimlik No: 10000000146'],
  ['TW_ID', 'A123456789'],
  ['UK_NHS', 'NHS number 943 476 5919'],
  ['UK_NINO', 'AB 12 34 56 C'],
  ['UK_DRIVING_LICENCE', 'MORGA657054SM9IJ'],
  ['US_ABA', 'routing number 021000021'],
  ['US_ITIN', '912-70-1234'],
  ['US_MBI', '1EG4-TE5-MK73'],
  ['US_NPI', 'NPI 1234567893'],
  ['ZA_ID_NUMBER', 'ID number 8001015009087'],
])('finds %s in %j', (form, text) => {
  expect(formsIn(text)).toContain(form);
});

describe('one wrong digit makes no code of it, even beside its word', () => {
  test.each([
    ['AU_TFN', 'TFN 123456783'],
    ['BR_CPF', 'CPF 111.444.777-36'],
    ['DE_TAX_ID', 'Steuer-ID 86095742718'],
    ['ES_NIF', 'NIF 12345678A'],
    ['FR_NIR', '2 69 05 49 588 157 81'],
    ['IN_AADHAAR', 'Aadhaar 2341 2341 2347'],
    ['PL_PESEL', 'PESEL 44051401358'],
    ['SE_PERSONNUMMER', 'personnummer 811228-9875'],
    ['UK_NHS', 'NHS 943 476 5918'],
    ['US_ABA', 'routing 021000022'],
  ])('%s: %s', (form, text) => {
    expect(formsIn(text)).not.toContain(form);
  });
});

test('a number that may be many things is one only by a word or the name of its field', () => {
  expect(found('BANK_ROUTING', 'order 021000021')).toEqual([]);
  expect(found('BANK_ROUTING', 'ABA: 021000021')).toEqual(['021000021']);
  expect(found('BANK_ROUTING', '021000021', 'routing_number')).toEqual(['021000021']);
});

test('in small letters it is one only beside a word, as ids of programs look the same', () => {
  expect(found('NATIONAL_ID', 'call 12345678z')).toEqual([]);
  expect(found('NATIONAL_ID', 'DNI 12345678z')).toEqual(['12345678z']);
});

test('a profile may ask for less certain ones', () => {
  const spans = findSpans('order 021000021', { kinds: ['BANK_ROUTING'], thresholds: { BANK_ROUTING: 0.3 } });
  expect(spans).toMatchObject([{ start: 6, end: 15 }]);
});

test.each(['6100 6200 6300 6400', '2026-11-22 10:30', 'call_9f8K2mQ0415555', 'v1.52.0-beta.17', 'RFC 9110'])(
  'finds nothing in %j',
  (text) => {
    expect(formsIn(text)).toEqual([]);
  },
);

test('a code ends where a hyphen or more digits go on', () => {
  expect(found('NATIONAL_ID', '111.444.777-35-9')).toEqual([]);
  expect(found('NATIONAL_ID', 'x-12345678Z')).toEqual([]);
  expect(found('NATIONAL_ID', '(12345678Z).')).toEqual(['12345678Z']);
});
