import { DATA_KINDS, type DataKind } from '../../core/kinds.ts';
import type { Span } from '../span.ts';
import { type Form, listNameForms } from './name-forms.ts';
import { createPrefixTable } from './prefix-table.ts';
import {
  CAPITAL,
  createWordReader,
  DIGITS,
  HIGH_SEED,
  LOW_SEED,
  mixHigh,
  mixLow,
  readWords,
  SINGLE,
  type Words,
} from './words.ts';

/** Something that the organisation knows to be personal. */
export interface DirectoryEntry {
  readonly kind: DataKind;
  readonly value: string;
}

/**
 * Values that are found exactly, and names in their usual forms. It keeps digests alone: 100,000 people with their
 * e-mail addresses take some 25 MB, and no name stands in the memory of the process.
 */
export interface Directory {
  add(entry: DirectoryEntry): void;
  /** How many entries were added. */
  readonly size: number;
  readonly bytes: number;
  /** Steps that all searches took together, for tests. */
  readonly lookups: number;
  /** Every place where an entry stands, as whole words; they may overlap. In time linear in the text's length. */
  find(text: string, words?: Words): readonly Span[];
}

/** Longer entries are found by their first words. */
const WORDS_MAX = 24;
/** Groups of digits that a number may be parted into, and how many digits it must have. */
const GROUPS_MAX = 8;
const DIGITS_MIN = 6;
const DIGITS_MAX = 24;

/** Places for first words, in bits: half a megabyte, of which 100,000 names take two in a hundred. */
const FIRSTS = 1 << 22;

// What a number in the table means: something goes on from here; here an entry ends, and under which conditions.
const GOES_ON = 1;
const ENDS = 2;
const CAPITALS = 4;
const DOTTED = 8;
const KIND_SHIFT = 4;

export function createDirectory(): Directory {
  const table = createPrefixTable();
  const readEntry = createWordReader();
  const firsts = new Uint8Array(FIRSTS / 8);
  let size = 0;
  let hasNumbers = false;

  return {
    add(entry) {
      size += 1;
      for (const form of formsOf(entry)) addForm(form, entry.kind);
    },
    get size() {
      return size;
    },
    get bytes() {
      return table.bytes + firsts.length;
    },
    get lookups() {
      return table.lookups;
    },
    find(text, words = readWords(text)) {
      if (size === 0) return [];
      const found: Span[] = [];
      for (let first = 0; first < words.count; first += 1) {
        if (mayBegin(words.low[first] ?? 0)) findPhrase(text, words, first, found);
        if (hasNumbers && has(words, first, DIGITS)) findNumber(text, words, first, found);
      }
      return found;
    },
  };

  function addForm(form: Form, kind: DataKind): void {
    const words = readEntry(form.text);
    const last = Math.min(words.count, WORDS_MAX) - 1;
    const bit = (words.low[0] ?? 0) % FIRSTS;
    firsts[bit >> 3] = (firsts[bit >> 3] ?? 0) | (1 << (bit & 7));
    let [low, high] = [LOW_SEED, HIGH_SEED];
    for (let index = 0; index <= last; index += 1) {
      low = mixLow(low, words.low[index] ?? 0);
      high = mixHigh(high, words.high[index] ?? 0);
      note(low, high, index < last ? GOES_ON : endOf(form, kind));
    }
    const digits = form.text.replaceAll(/\D/g, '');
    if (/\p{L}/u.test(form.text) || digits.length < DIGITS_MIN || digits.length > DIGITS_MAX) return;
    hasNumbers = true;
    const [lowDigits, highDigits] = mixDigits(NUMBER_LOW, NUMBER_HIGH, digits, 0, digits.length);
    note(lowDigits, highDigits, endOf(form, kind));
  }

  /** Of two entries that are written alike the first gives the kind, and the more generous one the conditions. */
  function note(low: number, high: number, value: number): void {
    const known = table.get(low, high);
    if (known === 0 || (known & ENDS) === 0) table.set(low, high, known | value);
    else if ((value & ENDS) !== 0) table.set(low, high, known & (value | ~(CAPITALS | DOTTED)));
    else table.set(low, high, known | GOES_ON);
  }

  /** False for most words that begin no entry, from memory that stays in the processor's cache. */
  function mayBegin(low: number): boolean {
    const bit = low % FIRSTS;
    return ((firsts[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  function findPhrase(text: string, words: Words, first: number, found: Span[]): void {
    let low = LOW_SEED;
    let high = HIGH_SEED;
    let best: Span | undefined;
    let isCapital = true;
    let isDotted = true;
    for (let index = first; index < words.count && index < first + WORDS_MAX; index += 1) {
      if (index > first && !joins(text, words, index)) break;
      low = mixLow(low, words.low[index] ?? 0);
      high = mixHigh(high, words.high[index] ?? 0);
      const value = table.get(low, high);
      if (value === 0) break;
      isCapital &&= has(words, index, CAPITAL);
      isDotted &&= !has(words, index, SINGLE) || text[words.ends[index] ?? 0] === '.';
      const mayEnd = ((value & CAPITALS) === 0 || isCapital) && ((value & DOTTED) === 0 || isDotted);
      if ((value & ENDS) !== 0 && mayEnd) best = spanOf(words, first, index, value);
      if ((value & GOES_ON) === 0) break;
    }
    if (best !== undefined) found.push(best);
  }

  /** A number in whichever way its digits are grouped: as `415 555 0132` or `(415) 555-0132`. */
  function findNumber(text: string, words: Words, first: number, found: Span[]): void {
    let [low, high] = [NUMBER_LOW, NUMBER_HIGH];
    let length = 0;
    for (let index = first; index < words.count && index < first + GROUPS_MAX; index += 1) {
      if (!has(words, index, DIGITS)) return;
      const [start, end] = [words.starts[index] ?? 0, words.ends[index] ?? 0];
      if (index > first && !GROUP_GAP.test(text.slice(words.ends[index - 1], start))) return;
      length += end - start;
      if (length > DIGITS_MAX) return;
      [low, high] = mixDigits(low, high, text, start, end);
      const value = length < DIGITS_MIN ? 0 : table.get(low, high);
      if ((value & ENDS) !== 0) found.push(spanOf(words, first, index, value));
    }
  }
}

function formsOf({ kind, value }: DirectoryEntry): readonly Form[] {
  if (kind === 'PERSON') return listNameForms(value);
  const form = { text: value, capitals: false, dotted: false };
  // With and without the code of its country: who lists +1 415 555 0132 is also called at (415) 555-0132.
  return kind === 'PHONE' ? listNumbers(value).map((text) => ({ ...form, text })) : [form];
}

function listNumbers(value: string): readonly string[] {
  const [, national = ''] = /^\+\d{1,3}[ .(/-]+(\d.*)$/s.exec(value.trim()) ?? [];
  const digits = national.replaceAll(/\D/g, '');
  return digits.length < 7 ? [value] : [value, digits, `0${digits}`];
}

function endOf({ capitals, dotted }: Form, kind: DataKind): number {
  return ENDS | (capitals ? CAPITALS : 0) | (dotted ? DOTTED : 0) | (DATA_KINDS.indexOf(kind) << KIND_SHIFT);
}

function spanOf(words: Words, first: number, last: number, value: number): Span {
  const kind = DATA_KINDS[value >> KIND_SHIFT];
  if (kind === undefined) throw new RangeError('an entry of no kind');
  return { kind, start: words.starts[first] ?? 0, end: words.ends[last] ?? 0, confidence: 1 };
}

const has = (words: Words, index: number, trait: number): boolean =>
  ((words.traits[index] ?? 0) & trait) !== 0;

/**
 * Whether a word goes on with what stands before it: a few signs may part them, a line's end too. But behind a full
 * stop with a blank another sentence begins, unless the word before it is an initial or as short as `St.`.
 */
function joins(text: string, words: Words, index: number): boolean {
  const [from, to] = [words.ends[index - 1] ?? 0, words.starts[index] ?? 0];
  if (to === from || (to === from + 1 && text[from] === ' ')) return true;
  const gap = text.slice(from, Math.min(to, from + GAP_MAX + 1));
  if (!PHRASE_GAP.test(gap) && !LINE_GAP.test(gap)) return false;
  return !/\.\s/.test(gap) || from - (words.starts[index - 1] ?? 0) <= 3;
}

const GAP_MAX = 40;
const PHRASE_GAP = /^[ \u00a0.,:'’@/+&#()_-]{1,4}$/;
const LINE_GAP = /^,? {0,9}\r?\n[ >]{0,30}$|^ {1,30}$/;
const GROUP_GAP = /^[ ().\-/]{0,3}$/;

const NUMBER_LOW = 0x5bd1e995;
const NUMBER_HIGH = 0x27d4eb2f;

function mixDigits(low: number, high: number, text: string, start: number, end: number): [number, number] {
  let [a, b] = [low, high];
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    // What has no width may stand between digits.
    if (code >= 48 && code <= 57) [a, b] = [mixLow(a, code), mixHigh(b, code)];
  }
  return [a, b];
}
