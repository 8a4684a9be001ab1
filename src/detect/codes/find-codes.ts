import { hasContext } from '../context.ts';
import { blankUuids } from '../opaque.ts';
import type { Detector, Reading, Span } from '../span.ts';
import type { CodeRule } from './rule.ts';
import { CODE_RULES } from './rules.ts';
import { type Chunk, readChunks } from './shapes.ts';

/** A code has up to seven groups, as in `1 85 05 78 006 084 91`. */
const MOST_GROUPS = 7;

export const CODES: Detector = {
  kinds: [...new Set(CODE_RULES.map(({ kind }) => kind))],
  needs: /\d/,
  find: findCodes,
};

/**
 * Finds the codes of `CODE_RULES`: of a known shape, with valid check digits where there are any. How certain one is
 * depends on its rule, and on the words and the field beside it.
 */
function* findCodes({ text, field }: Reading): Generator<Span> {
  const reading = { text: blankUuids(text), field };
  const chunks = readChunks(reading.text);
  for (let first = 0; first < chunks.length; first += 1) yield* findAt(reading, chunks, first);
}

function* findAt(reading: Reading, chunks: readonly Chunk[], first: number): Generator<Span> {
  const start = chunks[first]?.start ?? 0;
  let shape = '';
  let separators = '';
  for (let last = first; last < Math.min(first + MOST_GROUPS, chunks.length); last += 1) {
    const chunk = chunks[last];
    if (chunk === undefined || chunk.shape === '') return;
    if (last > first) {
      const separator = separatorBefore(reading.text, chunks, last);
      if (separator === undefined) return;
      separators += separator;
      shape += ` ${chunk.shape}`;
    } else shape = chunk.shape;
    const rules = RULES.get(shape) ?? NO_RULES;
    const lengthRules =
      last === first && chunk.hasDigit ? (RULES.get(`*${chunk.end - chunk.start}`) ?? NO_RULES) : NO_RULES;
    if (rules.length + lengthRules.length > 0 && standsAlone(reading.text, chunks, first, last)) {
      const place = { start, end: chunk.end };
      const code = reading.text
        .slice(start, chunk.end)
        .replaceAll(/[^\p{L}\p{N}]/gu, '')
        .toUpperCase();
      for (const rule of rules) yield* apply(rule, reading, place, code, separators);
      for (const rule of lengthRules) yield* apply(rule, reading, place, code, separators);
    }
    if (!BEGINNINGS.has(shape)) return;
  }
}

function* apply(
  rule: CodeRule,
  reading: Reading,
  place: { readonly start: number; readonly end: number },
  code: string,
  separators: string,
): Generator<Span> {
  if (!rule.separators.test(separators) || !rule.pattern.test(code) || !rule.isValid(code)) return;
  const confidence = hasContext(reading, place, rule.words) ? rule.explained : rule.alone;
  yield { ...place, kind: rule.kind, form: rule.form, confidence };
}

/** The one sign between a chunk and the one before it. */
function separatorBefore(text: string, chunks: readonly Chunk[], index: number): string | undefined {
  const [before, chunk] = [chunks[index - 1], chunks[index]];
  if (before === undefined || chunk === undefined || chunk.start - before.end !== 1) return undefined;
  const sign = text.charAt(before.end);
  return SEPARATORS.includes(sign) ? sign : undefined;
}

/** Whether no hyphen, point or slash joins a code to more of the like, nor a blank digits to digits. */
function standsAlone(text: string, chunks: readonly Chunk[], first: number, last: number): boolean {
  const before = separatorBefore(text, chunks, first);
  const after = separatorBefore(text, chunks, last + 1);
  const neighbours = [
    { sign: before, chunk: chunks[first - 1], own: chunks[first] },
    { sign: after, chunk: chunks[last + 1], own: chunks[last] },
  ];
  return neighbours.every(({ sign, chunk, own }) => {
    if (sign === undefined || chunk === undefined) return true;
    if (sign === '-') return false;
    if (sign === ' ') return first === last || !isDigits(chunk) || own === undefined || !isDigits(own);
    return !chunk.hasDigit;
  });
}

const isDigits = ({ shape }: Chunk): boolean => /^D\d+$/.test(shape);

const SEPARATORS = ' -./:';
const NO_RULES: readonly CodeRule[] = [];

const RULES: ReadonlyMap<string, readonly CodeRule[]> = indexByShape(CODE_RULES);

/** What a shape of several groups may begin with. */
const BEGINNINGS: ReadonlySet<string> = new Set([...RULES.keys()].flatMap(listBeginnings));

function indexByShape(rules: readonly CodeRule[]): ReadonlyMap<string, readonly CodeRule[]> {
  const index = new Map<string, CodeRule[]>();
  for (const rule of rules) {
    for (const shape of rule.shapes) index.set(shape, [...(index.get(shape) ?? []), rule]);
  }
  return index;
}

function listBeginnings(shape: string): readonly string[] {
  const groups = shape.split(' ');
  return groups.slice(1).map((_, index) => groups.slice(0, index + 1).join(' '));
}
