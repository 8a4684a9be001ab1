import { isVaried, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

const NHS_WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
const isNhs = (code: string): boolean => isVaried(code) && weigh(code, NHS_WEIGHTS) % 11 === 0;

// Areas and what follows them: BS 7666 and the Programming Guide of Royal Mail.
const POSTCODE =
  /^(?:GIR0AA|[A-PR-UWYZ](?:\d\d?|\d[A-HJKPSTUW]|[A-HK-Y]\d\d?|[A-HK-Y]\d[ABEHMNPRV-Y])\d[ABD-HJLNP-UW-Z]{2})$/;
const POSTCODE_WORDS = 'post ?codes?|postal codes?|address|zip';

const OUTWARD = ['L1D1', 'L1D2', 'L2D1', 'L2D2', 'L1D1L1', 'L2D1L1'];

export const BRITISH_CODES = [
  codeRule('NATIONAL_ID', 'UK_NINO', {
    shapes: 'L2D6L1|L2 D6L1|L2 D6 L1|L2 D2 D2 D2 L1|L2D6 L1',
    pattern: /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/,
    alone: 0.75,
    words: 'ninos?|national insurance|ni (?:number|no)',
  }),
  codeRule('HEALTH_ID', 'UK_NHS', {
    shapes: 'D3 D3 D4',
    separators: /^(?: {2}|--)$/,
    isValid: isNhs,
    alone: 0.4,
    words: 'nhs|national health|patients?',
  }),
  codeRule('HEALTH_ID', 'UK_NHS', {
    shapes: 'D10',
    isValid: isNhs,
    alone: 0.25,
    words: 'nhs|national health',
  }),
  codeRule('DRIVER_LICENSE', 'UK_DRIVING_LICENCE', {
    shapes: '*16',
    pattern: /^[A-Z]{1,5}9{0,4}(?<=^.{5})\d[0156]\d(?:[0-2]\d|3[01])\d[A-Z][A-Z9][0-9A-Z][A-Z]{2}$/,
    alone: 0.8,
    words: 'driving licen[cs]es?|driver licen[cs]e|dvla',
  }),
  codeRule('PASSPORT', 'UK_PASSPORT', { shapes: 'L2D7', alone: 0.1, words: 'passports?|travel document' }),
  codeRule('POSTCODE', 'UK_POSTCODE', {
    shapes: OUTWARD.map((outward) => `${outward} D1L2`).join('|'),
    pattern: POSTCODE,
    separators: /^ $/,
    alone: 0.7,
    words: POSTCODE_WORDS,
  }),
  codeRule('POSTCODE', 'UK_POSTCODE', {
    shapes: 'L1D2L2|L1D3L2|L2D2L2|L2D3L2|L1D1L1D1L2|L2D1L1D1L2',
    pattern: POSTCODE,
    alone: 0.2,
    words: POSTCODE_WORDS,
  }),
  codeRule('VEHICLE', 'UK_VEHICLE_REGISTRATION', {
    shapes: 'L2D2L3|L2D2 L3',
    pattern: /^[A-HJ-PR-Y][A-HJ-PR-Y](?:0[2-9]|[12]\d|5[1-9]|[67]\d)[A-HJ-PR-Z]{3}$/,
    separators: /^ ?$/,
    alone: 0.45,
    words: 'vehicles?|registrations?|number plate|plates?|car|van',
  }),
  codeRule('VEHICLE', 'UK_VEHICLE_REGISTRATION', {
    shapes: 'L1D1 L3|L1D2 L3|L1D3 L3|L1D1L3|L1D2L3|L1D3L3|L3 D1L1|L3 D2L1|L3 D3L1|L3D1L1|L3D2L1|L3D3L1',
    pattern: /^(?:[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Z]{3}|[A-HJ-PR-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y])$/,
    separators: /^ ?$/,
    alone: 0.2,
    words: 'vehicles?|registrations?|number plate|plates?|car|van',
  }),
] as const;
