/**
 * The text as the detectors read it: digits of other scripts, typographic dashes and blanks in ASCII, and the signs
 * that JSON text and URLs escape (`\n`, `\u0022`, `%2C`) as blanks, since "…\njoe@…" is not "njoe", nor `%2C123…` a
 * longer number. The length stays the same, so offsets in the folded text hold in the original.
 */
export function fold(text: string): string {
  return FOLDABLE.test(text) ? text.replace(FOLDABLE_ALL, foldOne) : text;
}

/** A field name as words in lower case: `employeeSSN` and `employee_ssn` both become `employee ssn`. */
export function splitWords(name: string): string {
  return name
    .slice(0, 100)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_.-]/g, ' ')
    .toLowerCase();
}

// Arabic, Devanagari to Malayalam, Thai, Lao, Tibetan, Myanmar, Khmer, Mongolian, and full-width.
const FOLDED_DIGITS =
  '\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819\uff10-\uff19';
const DASHES = '\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d';
const BLANKS = '\u00a0\u2000-\u200a\u202f\u205f\u3000';
// Not the plus of a phone number: its detector reads `%2B` itself.
const ESCAPES = '\\\\[nrt]|(?:\\\\u00|%)(?:2[\\dac-fAC-F]|3[a-fA-F]|5[b-eB-E]|7[b-dB-D])';
const PATTERN = `[${FOLDED_DIGITS}${DASHES}${BLANKS}\uff01-\uff5e]|${ESCAPES}`;
const FOLDABLE = new RegExp(PATTERN);
const FOLDABLE_ALL = new RegExp(PATTERN, 'g');

/** Full-width forms stand in the order of ASCII. */
const FULL_WIDTH = /[\uff01-\uff5e]/;
const FULL_WIDTH_SHIFT = 0xfee0;
const DIGIT = new RegExp(`[${FOLDED_DIGITS}]`);
const DASH = new RegExp(`[${DASHES}]`);

function foldOne(match: string): string {
  if (match.length > 1) return ' '.repeat(match.length);
  if (DIGIT.test(match)) return String(digitValue(match.charCodeAt(0)));
  if (FULL_WIDTH.test(match)) return String.fromCharCode(match.charCodeAt(0) - FULL_WIDTH_SHIFT);
  return DASH.test(match) ? '-' : ' ';
}

/** Each of these scripts has its ten digits in a row; the rows of Indian scripts begin 6 after a multiple of 16. */
function digitValue(code: number): number {
  const low = code % 16;
  return code >= 0x0966 && code <= 0x0d6f ? low - 6 : low;
}
