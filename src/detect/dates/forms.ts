import { isDayMonth } from '../codes/checksums.ts';

/** One way to write a date. */
export interface DateForm {
  readonly pattern: RegExp;
  /** Whether it names a day, so that it may be that of a birth. */
  readonly isDay: boolean;
  readonly confidence: number;
  readonly isValid?: (written: string) => boolean;
  /** What must stand before it; without it the form has the confidence `otherwise`. */
  readonly before?: RegExp;
  /** What may follow instead. */
  readonly after?: RegExp;
  /** What must not stand before it. */
  readonly notBefore?: RegExp;
  readonly otherwise: number;
}

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const YEAR = '(?:1[5-9]|20)\\d\\d';
const TIME =
  '(?:(?:T| |, ?)\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,9})?)?(?: ?[ap]m(?!\\p{L}))?(?:Z|[+-]\\d{2}:?\\d{2})?)?';
const START = '(?<![\\p{L}\\p{N}]|\\d[-./]|[-./]|[$€£])';
const END = '(?![\\p{L}\\p{N}]|[-/.]\\d|[-/]\\p{L})';

const form = (source: string): RegExp => new RegExp(`${START}${source}${END}`, 'giu');

/** Day before month or month before day: both are written, often in the same text. */
function isNumericDate(written: string): boolean {
  const [first = '', second = ''] = written.split(/[-./]/);
  return isDayMonth(first, second) || isDayMonth(second, first);
}

const isIsoDate = (written: string): boolean => {
  const [, month = '', day = ''] = written.split(/[-./T ]/);
  return isDayMonth(day, month);
};

/** Before a year: a preposition or a season. `a 2018 film` tells no date of anybody. */
const YEAR_BEFORE =
  /(?<!\p{L})(?:in|since|during|of|from|until|till|by|before|after|around|early|late|mid|year|between|through|(?<=\d{4} )(?:and|to)|summer|winter|spring|autumn|fall|act of|seit|depuis|en|im Jahr)["']?[ :]{1,2}$/iu;

/** `a 1998 Toyota`, behind an article. */
const YEAR_AFTER = /^ \p{Lu}\p{Ll}+(?:[ -]\p{Ll}|[.,;]|$)/u;

/** `the last Friday of a month` names a rule and no day. */
const ORDINAL = /(?<!\p{L})the (?:first|second|third|fourth|last) $/iu;

export const DATES: readonly DateForm[] = [
  {
    pattern: form(`${YEAR}([-./])\\d{1,2}\\1\\d{1,2}${TIME}`),
    isValid: isIsoDate,
    isDay: true,
    confidence: 0.9,
    otherwise: 0,
  },
  {
    pattern: form(`\\d{1,2}([-./])\\d{1,2}\\1(?:${YEAR}|\\d\\d)${TIME}`),
    isValid: isNumericDate,
    isDay: true,
    confidence: 0.8,
    otherwise: 0,
  },
  {
    pattern: form(
      `(?:${DAY}(?:st|nd|rd|th|\\.)?(?: of)?[- ]${MONTH}\\.?(?:,?[- ]${YEAR}|-\\d\\d)?|${MONTH}\\.? ${DAY}(?:st|nd|rd|th)?(?:,? ${YEAR})?)${TIME}`,
    ),
    isDay: true,
    confidence: 0.8,
    otherwise: 0,
  },
  {
    pattern: form(`${MONTH}\\.?(?:,? (?:of )?|-)${YEAR}`),
    isDay: false,
    confidence: 0.7,
    otherwise: 0,
  },
  { pattern: form(`${MONTH}-\\d\\d`), isDay: false, confidence: 0.4, otherwise: 0 },
  {
    pattern: form(`(?:${DAY}/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/${DAY})`),
    isDay: true,
    confidence: 0.3,
    otherwise: 0,
  },
  { pattern: form(`(?:0?[1-9]|1[0-2])[/-]${YEAR}`), isDay: false, confidence: 0.55, otherwise: 0 },
  {
    pattern: form(YEAR),
    isDay: false,
    confidence: 0.6,
    before: YEAR_BEFORE,
    after: YEAR_AFTER,
    otherwise: 0.2,
  },
  {
    pattern: form('(?:mon|tues|wednes|thurs|fri|satur|sun)day'),
    isDay: false,
    confidence: 0.55,
    notBefore: ORDINAL,
    otherwise: 0,
  },
];
