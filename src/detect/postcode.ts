import type { Finding, Reading } from './span.ts';

/**
 * Finds postcodes where an address or a word tells that a short number is one: behind `ZIP`, behind a place that a
 * preposition introduces, and in the last line of an address. Forms that tell by themselves are rules of `codes`.
 */
export function findPostcodes({ text, field }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: code } of text.matchAll(CODE)) {
    const end = index + code.length;
    const confidence = rate(text, index, end, code);
    if (confidence > 0) found.push({ start: index, end, confidence });
  }
  const whole = text.trim();
  if (FIELD.test(field) && WHOLE.test(whole)) {
    const start = text.indexOf(whole);
    found.push({ start, end: start + whole.length, confidence: 0.9 });
  }
  return found;
}

function rate(text: string, start: number, end: number, code: string): number {
  const before = text.slice(Math.max(0, start - 100), start);
  if (LABEL.test(before)) return 0.9;
  if (YEAR.test(code)) return 0;
  if (/^(?:\s*$|[ \t]*\n)/.test(text.slice(end, end + 8)) && LAST_LINE.test(before)) return 0.7;
  return AFTER_PLACE.test(before) && !UNIT.test(text.slice(end, end + 16)) ? 0.55 : 0;
}

// Netherlands, Canada, Brazil, Portugal, Poland, Sweden, and digits alone.
const CODE =
  /(?<![\p{L}\p{N}$€£.,/-])(?:\d{4} ?[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{5}-\d{3,4}|\d{4}-\d{3}|\d\d-\d{3}|\d{3} \d\d|\d{3,6})(?![\p{L}\p{N}%]|[.,:/-]\d)/gu;
const WHOLE = /^[A-Z\d]{2,5}(?:[ -]?[A-Z\d]{2,4})?$/i;
const LABEL =
  /(?<!\p{L})(?:zip|zip ?code|postal ?code|post ?code|plz|postleitzahl|code postal|c[óo]digo postal|cap|cep)["']?\s{0,3}(?:(?:is|:|=)\s{0,3})?["']?$/iu;
const FIELD = /\b(?:zip|zip ?code|postal ?code|post ?code|plz)$/;
const YEAR = /^(?:19|20)\d\d$/;
const PLACE = String.raw`\p{Lu}[\p{L}\p{M}.'’-]{1,20}`;
const AFTER_PLACE = new RegExp(
  String.raw`(?<!\p{L})(?:in|at|near|from|to|of) (?!(?:${[
    'January|February|March|April|May|June|July|August|September|October|November|December',
    'Section|Chapter|Room|Version|Order|Invoice|Ticket|Issue|Table|Figure|Step|Part|Line|Page|Account|Unit|Suite|Case|Form|Article|Rule|Model|Windows|Build',
  ].join('|')})\b)${PLACE}(?: (?:d[aeo]s?|de la|am|an der|im|sur|${PLACE}|\p{Lu})){0,4} $`,
  'u',
);
/** A line with a number, then a place, then a region of two or three letters. */
const LAST_LINE = /\d[^\n]{0,60}\n\s{0,8}\p{L}[^\n\d]{1,40}[\n ]\s{0,8}\p{L}{2,3}[\n ]\s{0,8}$/u;
const UNIT =
  /^ ?(?:%|[a-z]{1,3}\b(?<!in|is|as|at|by|to|on|or|of|and|for)|people|users|employees|units|years|days|times|items)/;
