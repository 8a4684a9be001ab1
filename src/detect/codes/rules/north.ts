import { hasDayFirst, hasYearFirst, isLuhn, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

const FINNISH_SIGNS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

function isFinnish(code: string): boolean {
  const digits = code.replaceAll(/[^\d]/g, '').slice(0, 6) + code.slice(-4, -1);
  return hasDayFirst(code) && FINNISH_SIGNS.charAt(Number(digits) % 31) === code.at(-1);
}

const isSwedish = (code: string): boolean => hasYearFirst(code.slice(-10)) && isLuhn(code.slice(-10));

function isNorwegian(code: string): boolean {
  const first = (11 - (weigh(code, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
  const second = (11 - (weigh(code, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return hasDayFirst(code) && first === Number(code[9]) && second === Number(code[10]);
}

const BIRTH = 'birth(?: (?:number|no))?';

export const NORTHERN_CODES = [
  codeRule('NATIONAL_ID', 'FI_PERSONAL_IDENTITY_CODE', {
    shapes: 'D6 D4|D6 D3L1|D6L1D4|D6L1D3L1',
    separators: /^-?$/,
    pattern: /^\d{6}[A-FU-Y]?\d{3}[0-9A-FHJ-NPR-Y]$/,
    isValid: isFinnish,
    alone: 0.85,
    words: 'hetu|henkil[öo]tunnus|identity code',
  }),
  codeRule('NATIONAL_ID', 'SE_PERSONNUMMER', {
    shapes: 'D8 D4|D6 D4|D12',
    separators: /^-?$/,
    pattern: /^(?:(?:18|19|20)\d{10}|\d{10})$/,
    isValid: isSwedish,
    alone: 0.75,
    words: 'person(?:al )?(?:nummer|identity|number)|pnr|ssn',
  }),
  codeRule('TAX_ID', 'SE_ORGANISATIONSNUMMER', {
    shapes: 'D6 D4',
    separators: /^-$/,
    pattern: /^[1-35-9]\d[2-9]/,
    isValid: isLuhn,
    alone: 0.65,
    words: 'org(?:anisations)?\\.? ?(?:nummer|nr)|company',
  }),
  codeRule('NATIONAL_ID', 'NO_FODSELSNUMMER', {
    shapes: 'D11|D6 D5',
    separators: /^[ -]?$/,
    isValid: isNorwegian,
    alone: 0.6,
    words: `f[øo]dselsn(?:umme)?r|personn(?:umme)?r|${BIRTH}`,
  }),
  // Since 2007 the last digit is no check digit any more.
  codeRule('NATIONAL_ID', 'DK_CPR', {
    shapes: 'D6 D4',
    separators: /^-$/,
    isValid: hasDayFirst,
    alone: 0.5,
    words: 'cpr(?:-?n(?:umme)?r)?|personn(?:umme)?r',
  }),
  codeRule('NATIONAL_ID', 'DK_CPR', {
    shapes: 'D10',
    isValid: hasDayFirst,
    alone: 0.1,
    words: 'cpr(?:-?n(?:umme)?r)?',
  }),
] as const;
