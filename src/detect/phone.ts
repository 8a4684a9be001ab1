import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { NUMBER_END, NUMBER_START } from './boundary.ts';
import { contextWords, hasContext } from './context.ts';
import { blankIds } from './opaque.ts';
import type { Finding, Reading } from './span.ts';

/**
 * Finds phone numbers in four forms, from the most certain to the least: international (`+`, `%2B` as in URLs, or 00),
 * North American 3-3-4, national with a leading zero, and any other form where a word nearby speaks of a phone. Ids
 * and amounts look so alike that a bare run of digits is never a phone number by itself.
 */
export function findPhones({ text, ...rest }: Reading): readonly Finding[] {
  const reading = { ...rest, text: blankIds(text) };
  return [...findInternational(reading), ...findNorthAmerican(reading), ...findNational(reading)];
}

function* findInternational({ text }: Reading): Generator<Finding> {
  const known = new Map<string, string | undefined>();
  for (const { index, 0: run } of text.matchAll(INTERNATIONAL)) {
    if (isAmount(text, index, run)) continue;
    // A conversation says the same number again and again, and reading one takes long.
    if (!known.has(run)) known.set(run, pickNumber(run));
    const written = known.get(run);
    if (written !== undefined) yield { start: index, end: index + written.length, confidence: 0.95 };
  }
}

function* findNorthAmerican({ text }: Reading): Generator<Finding> {
  for (const { index, 0: written } of text.matchAll(NORTH_AMERICAN)) {
    // Three columns of a table have this form too when only blanks part them.
    if (/[^\d ]/.test(written) || isValidIn('US', written)) {
      yield { start: index, end: index + written.length, confidence: 0.8 };
    }
  }
}

function* findNational(reading: Reading): Generator<Finding> {
  for (const { index, 0: written } of reading.text.matchAll(NATIONAL)) {
    const length = written.replace(/[a-z].*/i, '').replaceAll(/\D/g, '').length;
    const place = { start: index, end: index + written.length };
    if (length < 7 || length > 13 || isDecimal(written) || isAmount(reading.text, index, written)) continue;
    if (hasContext(reading, place, /\D/.test(written) ? PHONE_WORDS : STRONG_PHONE_WORDS)) {
      yield { ...place, confidence: 0.7 };
    } else if (
      length >= 9 &&
      TRUNK.test(written) &&
      TRUNK_REGIONS.some((region) => isValidIn(region, written))
    ) {
      yield { ...place, confidence: 0.6 };
    } else if (reading.weak === true && WEAK_REGIONS.some((region) => isValidIn(region, written))) {
      yield { ...place, confidence: 0.3 };
    }
  }
}

/** The run, and the run without its last groups: another number may follow after a blank. */
function* dropTrailingGroups(run: string): Generator<string> {
  yield run;
  const ends = [...run.matchAll(/(?<=\d)[ ().-]+(?=\d)/g)].map(({ index }) => index).slice(-4);
  for (const end of ends.reverse()) yield run.slice(0, end);
}

/** The first that is valid, else the first that is possible: of a range that is not assigned, or no more. */
function pickNumber(run: string): string | undefined {
  let possible: string | undefined;
  for (const written of dropTrailingGroups(run)) {
    // From seven digits on, with a country's, there are numbers (ITU-T E.164 allows fifteen).
    if (!/^\D*(?:\d\D*){7}/.test(written)) break;
    const number = parsePhoneNumberFromString(written.replace(PREFIX, '+'), { extract: false });
    if (number?.isValid() === true) return written;
    if (number?.isPossible() === true) possible ??= written;
  }
  return possible;
}

function isValidIn(region: CountryCode, written: string): boolean {
  return parsePhoneNumberFromString(written, { defaultCountry: region, extract: false })?.isValid() ?? false;
}

/** `0.123456789` and lists of such. In a phone number all signs are dots, or none. */
function isDecimal(written: string): boolean {
  const dots = written.split('.').length - 1;
  return dots === 1 || (dots > 1 && /[^\d.]/.test(written));
}

/**
 * Whether a comma makes an amount of the groups at its side: `1.250.000,00`, `0,012 345 678`. Every other comma parts
 * the columns of a row, and so does one behind `+` and blanks: Poland writes `+48 512 345 678`.
 */
function isAmount(text: string, start: number, written: string): boolean {
  const before = text.slice(Math.max(0, start - 6), start);
  const after = text.slice(start + written.length, start + written.length + 4);
  return (
    (WHOLE.test(written) && /^,\d\d?(?!\d)/.test(after)) ||
    (/^\d{3}(?: \d{3})+$/.test(written) && /\d,$/.test(before)) ||
    (/^\d\d(?!\d)/.test(written) && /\d[ .]\d{3},$/.test(before))
  );
}

const WHOLE = /^(?:\+?[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+)$/;

const EXTENSION = String.raw`(?: ?(?:x|ext\.?) ?\d{1,6})?`;

const PREFIX = /^(?:00[ .-]?|%2B|\\u002B)/i;
const INTERNATIONAL = new RegExp(
  String.raw`(?<![\p{L}\p{N}+)])(?:(?:\+|%2B|\\u002B)\(?|00(?=\d{0,20}[ ().-])[ .-]?)[1-9][\d ().-]{5,22}\d${EXTENSION}${NUMBER_END}`,
  'giu',
);
// Behind a letter and a hyphen stand serial numbers: `INV-212-555-0187`. What stands behind `+1` was found before.
const NORTH_AMERICAN = new RegExp(
  String.raw`${NUMBER_START}(?<!\p{L}-|[$€£¥+]|\+1[ .-])(?:1[ .-])?(?:\([2-9]\d\d\)[ -]?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}${EXTENSION}${NUMBER_END}(?!%)`,
  'giu',
);
// Of no strict form, so it must not be part of an id, a path, an amount, a percentage or a time; nor of a longer row
// of groups (a hex dump), nor followed by a pair of hex digits (a MAC address).
const NATIONAL_START = String.raw`(?<![\p{L}\p{N}_$€£¥#@&%]|[\p{L}\p{N}][-./\\]|\d )(?<!(?<!\d)\d\d?:(?=\d\d(?!\d)))`;
const NATIONAL_END = String.raw`(?![\p{L}\p{N}_%]|[-./]\d|:\d\d(?!\d))(?! \d\d|-[\da-f]{2}(?![\p{L}\p{N}]))`;
const NATIONAL = new RegExp(
  String.raw`${NATIONAL_START}(?:\(\d{1,5}\)[ -]?)?\d{2,13}(?:[ .\/-]\d{2,8}){0,5}${EXTENSION}${NATIONAL_END}`,
  'giu',
);

/** A national number with the zero that is dialled inside a country, and a sign after its area code. */
const TRUNK = /^\(?0[1-9]\d{0,4}\)?[ .\/-]/;
/** Numbering plans that differ most from each other; together they know the lengths of nearly all others. */
const TRUNK_REGIONS = ['DE', 'GB', 'FR', 'IT'] as const satisfies readonly CountryCode[];
/** Where many write their numbers without a sign in them. */
const WEAK_REGIONS = ['US', 'TR', 'PH', 'CN', 'IN', 'IL'] as const satisfies readonly CountryCode[];

const STRONG =
  '(?:tele)?phones?|tel|telefon[oe]?|telepono|t[ée]l[ée]phone|handy|m[óo]vil|portable|celular|mobile|cell(?:phone)?|fax|whats ?app|sms|hotline|dial|(?:desk|direct|home|office|work)(?= ?:)';
const WEAK = 'call(?:ed|ing)?|reach(?:ed)?|text(?:ed)?|answering|messages? (?:at|on|to)|contact|ring|pager';
/** As in the lines of an address block: `555 0132 (mobile)`. */
const AFTER = /^[ -]?\(?(?:office|fax|mobile|cell|phone|home|direct)\b/i;
const STRONG_PHONE_WORDS = { ...contextWords(STRONG, 16), after: AFTER };
const PHONE_WORDS = { ...contextWords(`${STRONG}|${WEAK}`, 24), after: AFTER };
