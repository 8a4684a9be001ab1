import { isJsonObject, type Json } from '../../core/json.ts';
import { toLetters } from './letters.ts';
import { formsOf, listNumbers } from './numbers.ts';

/** Shorter quotes are what any two texts about one thing have in common. */
const QUOTE_WORDS = 5;

/** What of a privileged source must not be repeated, each in the form of `toLetters`. */
export interface Facts {
  /** Three digits or more, found wherever no further digit adjoins them. */
  readonly numbers: ReadonlySet<string>;
  /** Names, identifiers, addresses and short numbers, found as whole words. */
  readonly phrases: ReadonlySet<string>;
  /** Every five consecutive words; sorted, and none the beginning of another. */
  readonly quotes: readonly string[];
}

export interface PrivilegedSource {
  readonly texts: readonly string[];
  /** JSON: every string and number in it is a fact. */
  readonly values: readonly Json[];
}

export function gatherFacts({ texts, values }: PrivilegedSource): Facts {
  const scalars = values.flatMap(listScalars);
  const strings = scalars.filter((scalar) => typeof scalar === 'string');
  const figures = scalars
    .filter((scalar) => typeof scalar === 'number')
    .map((figure) => String(Math.abs(figure)));
  const all = [...texts, ...strings, ...figures];
  const short = figures.flatMap(formsOf).filter((digits) => digits.length < 3);
  const phrases = [
    ...all.flatMap(listIdentifiers),
    ...strings.filter((text) => wordsOf(text).length < QUOTE_WORDS),
  ].map(toLetters);
  return {
    numbers: new Set(all.flatMap(listNumbers)),
    phrases: new Set([...phrases, ...short].filter((phrase) => phrase !== '')),
    quotes: withoutLonger([...texts, ...strings].flatMap(listQuotes)),
  };
}

function listScalars(value: Json): readonly (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (Array.isArray(value)) return value.flatMap((item: Json) => listScalars(item));
  return isJsonObject(value) ? Object.values(value as Record<string, Json>).flatMap(listScalars) : [];
}

/** E-mail addresses, and words that have letters and at least three digits: INV-20-42, a1b2c3. */
function listIdentifiers(text: string): readonly string[] {
  const tokens = text.match(JOINED) ?? [];
  const runs = tokens.flatMap((token) => token.match(WORD) ?? []);
  const mixed = [...tokens, ...runs].filter(
    (token) => /\p{L}/u.test(token) && (token.match(/\p{N}/gu) ?? []).length >= 3,
  );
  return [...(text.match(EMAIL) ?? []), ...mixed];
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const JOINED = /[\p{L}\p{M}\p{N}]+(?:[^\s\p{L}\p{M}\p{N},;()[\]{}"<>=][\p{L}\p{M}\p{N}]+)*/gu;
const EMAIL = /[^\s@,;:<>()"]+@[^\s@,;:<>()"]+/gu;

const wordsOf = (text: string): readonly string[] => (text.match(WORD) ?? []).map(toLetters);

function listQuotes(text: string): readonly string[] {
  const words = wordsOf(text);
  const last = words.length - QUOTE_WORDS;
  return Array.from({ length: Math.max(0, last + 1) }, (_, from) =>
    words.slice(from, from + QUOTE_WORDS).join(''),
  );
}

/** A quote that begins with another is found by that one. */
function withoutLonger(quotes: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const quote of [...new Set(quotes)].sort()) {
    const last = kept.at(-1);
    if (quote !== '' && (last === undefined || !quote.startsWith(last))) kept.push(quote);
  }
  return kept;
}
