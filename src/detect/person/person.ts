import type { Finding, Reading } from '../span.ts';
import { classifyWord, type NameWord, type WordClass } from './classify.ts';
import { findIntroduction, isAddressee, isFollowedBySpeech, isNameField } from './name-context.ts';
import { isNoNameTogether } from './not-names.ts';
import { findUncapitalised } from './uncapitalised.ts';

/**
 * Finds names of people without knowing any: capitalised words beside each other of which at least one is a usual
 * name or ends as only names do, and what titles and phrases such as `my name is` introduce. A capitalised word alone
 * is a name only where nothing else is called so. The less speaks for it, the lower the confidence.
 */
export function findPersons(reading: Reading): readonly Finding[] {
  const found: Finding[] = [...findUncapitalised(reading.text)];
  for (const run of listRuns(reading.text)) findInRun(reading, run, found);
  return found;
}

/** Capitalised words that stand beside each other, with particles such as `van der` between them. */
function* listRuns(text: string): Generator<readonly NameWord[]> {
  let run: NameWord[] = [];
  for (const { index, 0: written } of text.matchAll(WORD)) {
    const word = classifyWord(written, index);
    const last = run.at(-1);
    if (last !== undefined && !joins(text, last, word)) {
      yield run;
      run = [];
    }
    run.push(word);
  }
  if (run.length > 0) yield run;
}

function joins(text: string, last: NameWord, next: NameWord): boolean {
  const gap = text.slice(last.end, next.start);
  if (gap === ' ') return true;
  if (gap.length > 16) return false;
  if (last.class === 'title' || last.class === 'suffix') return /^\.? {0,2}$/.test(gap);
  if (last.class === 'initial') return /^ {0,2}$/.test(gap);
  return (next.class === 'suffix' && gap === ', ') || PARTICLES.test(gap);
}

function findInRun(reading: Reading, run: readonly NameWord[], found: Finding[]): void {
  for (let first = 0; first < run.length; ) {
    const name = readName(reading, run, first);
    if (name === undefined) {
      first += 1;
      continue;
    }
    const [start, end] = [run[first]?.start ?? 0, run[name.last]?.end ?? 0];
    if (!isNoNameTogether(foldedOf(run.slice(first, name.last + 1)))) {
      found.push({ start, end, confidence: name.confidence });
    }
    first = name.last + 1;
  }
}

interface Name {
  readonly last: number;
  readonly confidence: number;
}

/** The name that begins with a word of a run, if one does. */
function readName(reading: Reading, run: readonly NameWord[], first: number): Name | undefined {
  const word = run[first];
  if (word === undefined || word.class === 'suffix') return undefined;
  if (word.class === 'title') return undefined;
  const { text } = reading;
  const before = run[first - 1];
  const last = lastOfName(run, first);
  const classes = run.slice(first, last + 1).map((part) => part.class);
  const names = classes.filter((part) => part !== 'initial' && part !== 'suffix');

  // After a title everything is a name, but for `Dr. Finance Department` no more than one common word.
  if (before?.class === 'title') return { last: Math.max(first, last), confidence: 0.9 };
  if (word.class === 'other' || names.length === 0) return undefined;
  const next = run[last + 1];
  const tail = run[last];
  const isLonely = next?.class !== 'other' && before?.class !== 'other';
  if (word.isFamily && names.length === 1 && isPartOfOther(text, word.start, word.end)) return undefined;
  const confidence = rate(names, { first: word.class, tailIsFamily: tail?.isFamily === true, isLonely });
  const introduced =
    before === undefined || before.class === 'other' ? findIntroduction(text, word.start) : undefined;
  if (introduced === 'surely' && !names.every(isDoubtful))
    return { last, confidence: Math.max(confidence, 0.75) };
  if (introduced === 'surely' && names[0] === 'doubtful-given') return { last, confidence: 0.7 };
  if (names.some(isKnown) || names.length > 1) {
    const isSaid =
      introduced === 'maybe' || isFollowedBySpeech(text, run[last]?.end ?? 0) || isNameField(reading.field);
    if (isSaid && !names.every(isDoubtful)) return { last, confidence: Math.max(confidence, 0.7) };
  }
  if (names.length === 2 && names.every((part) => part === 'unknown')) {
    const end = run[last]?.end ?? 0;
    const speaks = FOREIGN.test(text.slice(word.start, end)) || isAddressee(text, word.start, end);
    return { last, confidence: speaks ? 0.5 : confidence };
  }
  return confidence > 0 ? { last, confidence } : undefined;
}

/** Letters that English lacks: two such words beside each other are a person or a place. */
const FOREIGN = /[^\p{ASCII}’]/u;

/** `Johnson & Johnson`, `St. Patrick`. */
function isPartOfOther(text: string, start: number, end: number): boolean {
  return (
    /(?:& ?|\bSt\.? )$/.test(text.slice(Math.max(0, start - 4), start)) ||
    /^ ?&/.test(text.slice(end, end + 2))
  );
}

interface Surroundings {
  readonly first: WordClass;
  readonly tailIsFamily: boolean;
  /** No other capitalised word beside it, as in `Kraft Foods`. */
  readonly isLonely: boolean;
}

/** How much the words themselves say. */
function rate(names: readonly WordClass[], { first, tailIsFamily, isLonely }: Surroundings): number {
  const [head, ...rest] = names;
  const tail = rest.at(-1);
  if (first === 'initial') return rateWithInitial(names);
  if (tail === undefined) return head === 'given' ? 0.55 : head === 'family' && isLonely ? 0.5 : 0;
  const endsWithFamily = tail === 'family' || tailIsFamily;
  if (head === 'given') return isKnown(tail) || endsWithFamily ? 0.85 : 0.7;
  if (tail === 'family' || (tail === 'given' && tailIsFamily)) {
    return head === 'doubtful-given' ? 0.8 : head === 'doubtful-family' ? 0.5 : 0.7;
  }
  if (tail === 'given') return head === 'family' || head === 'doubtful-given' ? 0.65 : 0.6;
  if (head === 'family') return tail === 'unknown' ? 0.6 : 0.5;
  return 0.3;
}

function rateWithInitial(names: readonly WordClass[]): number {
  const tail = names.at(-1);
  if (tail === 'family' || tail === 'given') return 0.75;
  return tail === 'unknown' ? 0.5 : 0.55;
}

const isKnown = (part: WordClass): boolean => part === 'given' || part === 'family';
const isDoubtful = (part: WordClass): boolean => part === 'doubtful-given' || part === 'doubtful-family';

/** The last of at most five words that may belong to one name. Words that surely are none end it. */
function lastOfName(run: readonly NameWord[], first: number): number {
  let last = first;
  for (let index = first + 1; index < run.length && index < first + 5; index += 1) {
    const next = run[index]?.class;
    if (next === undefined || next === 'other' || next === 'title') break;
    if (next === 'initial' && (run[index + 1] === undefined || run[index + 1]?.class === 'other')) break;
    last = index;
  }
  return last;
}

const foldedOf = (words: readonly NameWord[]): string => words.map(({ folded }) => folded).join(' ');

// Not inside a word, a path, an address or the code of a program.
const WORD =
  /(?<![\p{L}\p{M}\p{N}_@#$%\\]|[\p{L}\p{N}_)][./-]|::)\p{Lu}(?:\.(?= ?\p{Lu})|[\p{L}\p{M}]{0,30}(?:['’-]\p{L}[\p{L}\p{M}]{0,30}){0,3}(?:(?<=\b[JS]r)\.)?)(?![\p{L}\p{M}\p{N}_@(\\]|[.:/][\p{L}\p{N}_])/gu;
const PARTICLES =
  /^ (?:(?:van|von|der|den|de|del|della|di|da|dos|das|do|du|la|le|el|al|bin|ibn|ben|ter|ten|zu|zur|af|av|y|e) ){1,2}(?:al-)?$/;
