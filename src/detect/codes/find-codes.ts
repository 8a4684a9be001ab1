import { hasContext } from '../context.ts';
import type { Detector, Reading, Span } from '../span.ts';
import type { CodeRule } from './rule.ts';
import { CODE_RULES } from './rules.ts';
import { type Chunk, isDigit, isSign, readChunks } from './shapes.ts';

/** A code has up to seven groups, as in `1 85 05 78 006 084 91`. */
const MOST_GROUPS = 7;

export const CODES: Detector = {
  kinds: [...new Set(CODE_RULES.map(({ kind }) => kind))],
  needs: /\d/,
  find: findCodes,
};

/**
 * Finds the codes of `CODE_RULES`: of a known shape, with valid check digits where there are any. How certain one is
 * depends on its rule, and on the words and the field beside it. From each group it looks at most six further on.
 */
function findCodes(reading: Reading): readonly Span[] {
  const found: Span[] = [];
  const chunks = readChunks(reading.text);
  for (let first = 0; first < chunks.length; first += 1) {
    let shape = '';
    let separators = '';
    for (let last = first; last < chunks.length && last < first + MOST_GROUPS; last += 1) {
      const chunk = chunks[last];
      if (chunk === undefined) break;
      if (last > first) {
        const separator = separatorBefore(reading.text, chunks[last - 1], chunk);
        if (separator === undefined) break;
        separators += separator;
        shape += ` ${chunk.shape}`;
      } else shape = chunk.shape;
      const entry = SHAPES.get(shape);
      const solid = last === first && chunk.hasDigit ? SHAPES.get(`*${chunk.end - chunk.start}`) : undefined;
      for (const rules of [entry?.rules, solid?.rules]) {
        if (rules === undefined || rules.length === 0) continue;
        const place = { start: chunks[first]?.start ?? 0, end: chunk.end };
        if (standsAlone(reading.text, place, last > first)) apply(rules, reading, place, separators, found);
      }
      if (entry?.goesOn !== true) break;
    }
  }
  return found;
}

/** Ids that programs make up are of small letters and digits; a person's number is so only beside a word. */
const MOST_IN_SMALL_LETTERS = 0.4;

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Adds what the rules of a shape say about a place. */
function apply(
  rules: readonly CodeRule[],
  reading: Reading,
  place: Place,
  separators: string,
  found: Span[],
): void {
  const written = reading.text.slice(place.start, place.end);
  const code = written.replaceAll(/[ ./:-]/g, '').toUpperCase();
  const most = code === written.toUpperCase() && code !== written ? MOST_IN_SMALL_LETTERS : 1;
  for (const rule of rules) {
    if (!rule.separators.test(separators) || !rule.pattern.test(code) || !rule.isValid(code)) continue;
    const confidence = hasContext(reading, place, rule.words) ? rule.explained : Math.min(rule.alone, most);
    found.push({ ...place, kind: rule.kind, form: rule.form, confidence });
  }
}

/** The one sign between a chunk and the one before it. */
function separatorBefore(text: string, before: Chunk | undefined, { start }: Chunk): string | undefined {
  if (before === undefined || start - before.end !== 1) return undefined;
  const sign = text.charAt(before.end);
  return ' -./:'.includes(sign) ? sign : undefined;
}

/** Whether no hyphen joins a code to more, no point, slash or colon to digits, nor a blank groups of digits to digits. */
function standsAlone(text: string, { start, end }: Place, isGrouped: boolean): boolean {
  return (
    !goesOn(text, start - 1, start - 2, start, isGrouped) && !goesOn(text, end, end + 1, end - 1, isGrouped)
  );
}

function goesOn(text: string, sign: number, beyond: number, own: number, isGrouped: boolean): boolean {
  switch (text.charAt(sign)) {
    case '-':
      return isSign(text, beyond);
    case '.':
    case '/':
    case ':':
      return isDigit(text, beyond);
    case ' ':
      return isGrouped && isDigit(text, beyond) && isDigit(text, own);
    default:
      return false;
  }
}

interface Entry {
  readonly rules: readonly CodeRule[];
  /** Whether a shape begins with this one. */
  readonly goesOn: boolean;
}

const SHAPES: ReadonlyMap<string, Entry> = indexShapes(CODE_RULES);

function indexShapes(rules: readonly CodeRule[]): ReadonlyMap<string, Entry> {
  const index = new Map<string, Entry>();
  for (const rule of rules) {
    for (const shape of rule.shapes) {
      const { rules: others = [], goesOn: known = false } = index.get(shape) ?? {};
      index.set(shape, { rules: [...others, rule], goesOn: known });
      const groups = shape.split(' ');
      for (let count = 1; count < groups.length; count += 1) {
        const beginning = groups.slice(0, count).join(' ');
        index.set(beginning, { rules: index.get(beginning)?.rules ?? [], goesOn: true });
      }
    }
  }
  return index;
}
