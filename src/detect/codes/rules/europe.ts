import { isDayMonth, isEan, isMod1110, isVaried, weigh } from '../checksums.ts';
import { codeRule } from '../rule.ts';

/** Month of birth with the century added to it, as Poland and Bulgaria do. */
const hasCenturyMonth = (code: string): boolean =>
  isDayMonth(code.slice(4, 6), String(Number(code.slice(2, 4)) % 20));

const isPesel = (code: string): boolean =>
  hasCenturyMonth(code) && weigh(code, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;

const isBulgarian = (code: string): boolean =>
  hasCenturyMonth(code) && (weigh(code, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === Number(code[9]);

const isDutch = (code: string): boolean =>
  isVaried(code) && (weigh(code, [9, 8, 7, 6, 5, 4, 3, 2]) - Number(code[8])) % 11 === 0;

/** 97 less the number modulo 97; who was born after 1999 has a 2 before it. */
function isBelgian(code: string): boolean {
  const body = code.slice(0, 9);
  return [body, `2${body}`].some((number) => 97 - (Number(number) % 97) === Number(code.slice(9)));
}

const isAustrian = (code: string): boolean =>
  isDayMonth(code.slice(4, 6), code.slice(6, 8)) &&
  weigh(code, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(code[3]);

/** Women's months have 50 added; when a day's numbers ran out, 20 more. */
function isCzech(code: string): boolean {
  const month = (Number(code.slice(2, 4)) % 50) % 20 || 12;
  const matches = Number(code) % 11 === 0 || (Number(code.slice(0, 9)) % 11 === 10 && code.at(-1) === '0');
  return isDayMonth(code.slice(4, 6), String(month)) && matches;
}

function isRomanian(code: string): boolean {
  const rest = weigh(code, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return isDayMonth(code.slice(5, 7), code.slice(3, 5)) && (rest === 10 ? 1 : rest) === Number(code[12]);
}

function isIrish(code: string): boolean {
  const second = code.length > 8 ? code.charCodeAt(8) - 64 : 0;
  const rest = (weigh(code, [8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23;
  return 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(rest) === code[7];
}

export const EUROPEAN_CODES = [
  codeRule('NATIONAL_ID', 'PL_PESEL', { shapes: 'D11', isValid: isPesel, alone: 0.55, words: 'pesel' }),
  codeRule('NATIONAL_ID', 'NL_BSN', {
    shapes: 'D9|D4 D2 D3',
    isValid: isDutch,
    alone: 0.2,
    words: 'bsn|burgerservicenummer|sofinummer',
  }),
  codeRule('NATIONAL_ID', 'BE_RRN', {
    shapes: 'D2 D2 D2 D3 D2',
    separators: /^(?:\.\.-\.| {4}|-{4})$/,
    isValid: isBelgian,
    alone: 0.95,
    words: 'rijksregister(?:nummer)?|registre national|rrn|insz|niss',
  }),
  codeRule('NATIONAL_ID', 'BE_RRN', {
    shapes: 'D11',
    isValid: isBelgian,
    alone: 0.3,
    words: 'rijksregister(?:nummer)?|registre national|rrn|insz|niss',
  }),
  codeRule('NATIONAL_ID', 'CH_AHV', {
    shapes: 'D3 D4 D4 D2|D13',
    pattern: /^756/,
    isValid: isEan,
    alone: 0.9,
    words: 'ahv|avs',
  }),
  codeRule('NATIONAL_ID', 'AT_SVNR', {
    shapes: 'D10|D4 D6',
    separators: /^[ -]?$/,
    pattern: /^[1-9]/,
    isValid: isAustrian,
    alone: 0.4,
    words: 'svnr|sv-?nummer|sozialversicherung(?:snummer)?',
  }),
  codeRule('NATIONAL_ID', 'CZ_RODNE_CISLO', {
    shapes: 'D6 D4',
    separators: /^\/$/,
    isValid: isCzech,
    alone: 0.85,
    words: 'rodn[ée] [čc][íi]slo|r\\.? ?[čc]',
  }),
  codeRule('NATIONAL_ID', 'RO_CNP', {
    shapes: 'D13',
    pattern: /^[1-9]/,
    isValid: isRomanian,
    alone: 0.55,
    words: 'cnp|cod numeric',
  }),
  codeRule('NATIONAL_ID', 'BG_EGN', { shapes: 'D10', isValid: isBulgarian, alone: 0.4, words: 'egn|егн' }),
  codeRule('NATIONAL_ID', 'IE_PPS', {
    shapes: 'D7L1|D7L2',
    pattern: /^\d{7}[A-W][A-IW]?$/,
    isValid: isIrish,
    alone: 0.6,
    words: 'pps(?:n)?|personal public',
  }),
  codeRule('NATIONAL_ID', 'HR_OIB', {
    shapes: 'D11',
    isValid: (code) => isVaried(code) && isMod1110(code),
    alone: 0.2,
    words: 'oib',
  }),
] as const;
