import type { Facts } from './facts.ts';
import { beginsWord, endsWord, type Letters, readLetters } from './letters.ts';
import { findScaled } from './numbers.ts';

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where a text repeats facts of a privileged source: sorted and apart. */
export function findFacts(text: string, facts: Facts): readonly Place[] {
  const letters = readLetters(text);
  return join([
    ...findNumbers(letters, facts.numbers),
    ...findScaled(text).filter(({ values }) => values.some((value) => facts.numbers.has(value))),
    ...findPhrases(letters, facts.phrases),
    ...findQuotes(letters, facts.quotes),
  ]);
}

/** Also inside a word: USD45000, but not inside a longer row of digits. */
function findNumbers(letters: Letters, numbers: ReadonlySet<string>): readonly Place[] {
  const isDigit = (index: number) => /\d/.test(letters.text[index] ?? '');
  return findWhole(letters, numbers, {
    mayBegin: (index) => isDigit(index) && (beginsWord(letters, index) || !isDigit(index - 1)),
    mayEnd: (index) => endsWord(letters, index) || !isDigit(index),
  });
}

function findPhrases(letters: Letters, phrases: ReadonlySet<string>): readonly Place[] {
  return findWhole(letters, phrases, {
    mayBegin: (index) => beginsWord(letters, index),
    mayEnd: (index) => endsWord(letters, index),
  });
}

interface Bounds {
  readonly mayBegin: (index: number) => boolean;
  readonly mayEnd: (index: number) => boolean;
}

/** In as many steps as there are places to begin, times the different lengths of what is looked for. */
function findWhole(letters: Letters, wanted: ReadonlySet<string>, bounds: Bounds): readonly Place[] {
  const lengths = [...new Set([...wanted].map(({ length }) => length))];
  const places: Place[] = [];
  for (let from = 0; from < letters.text.length && lengths.length > 0; from += 1) {
    if (!bounds.mayBegin(from)) continue;
    for (const length of lengths) {
      const to = from + length;
      if (to > letters.text.length || !wanted.has(letters.text.slice(from, to))) continue;
      if (bounds.mayEnd(to)) places.push(placeOf(letters, from, to));
    }
  }
  return places;
}

/**
 * Quotes are found wherever they begin and end, and hidden with the words that they are parts of. Of sorted quotes of
 * which none begins another, only the last one that does not come after a text can be its beginning.
 */
function findQuotes(letters: Letters, quotes: readonly string[]): readonly Place[] {
  const longest = quotes.reduce((most, { length }) => Math.max(most, length), 0);
  const places: Place[] = [];
  for (let from = 0; from < letters.text.length && longest > 0; from += 1) {
    const ahead = letters.text.slice(from, from + longest);
    const quote = lastNotAfter(quotes, ahead);
    if (quote === undefined || !ahead.startsWith(quote)) continue;
    let begin = from;
    while (!beginsWord(letters, begin)) begin -= 1;
    let end = from + quote.length;
    while (!endsWord(letters, end)) end += 1;
    places.push(placeOf(letters, begin, end));
  }
  return places;
}

function lastNotAfter(sorted: readonly string[], text: string): string | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') <= text) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}

function placeOf({ starts, ends }: Letters, from: number, to: number): Place {
  return { start: starts[from] ?? 0, end: ends[to - 1] ?? 0 };
}

function join(places: readonly Place[]): readonly Place[] {
  const joined: Place[] = [];
  for (const place of places.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || last.end < place.start) joined.push({ start: place.start, end: place.end });
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, place.end) };
  }
  return joined;
}
