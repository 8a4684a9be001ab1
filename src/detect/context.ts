import type { Reading } from './span.ts';

/** How far a word may stand from the value that it explains, in characters. */
const REACH_BEFORE = 40;
const REACH_AFTER = 24;

/** Words that tell what a value near them is. */
export interface ContextWords {
  /** Matched against what stands before the value; ends with `$`. */
  readonly before: RegExp;
  /** Matched against what stands after the value; begins with `^`. */
  readonly after: RegExp;
  /** Matched against the name of the value's field, in the form of `splitWords`. */
  readonly field: RegExp;
}

/** `words` are alternatives of a regular expression. Between a word and its value no other digit may stand. */
export function contextWords(words: string, reach = REACH_BEFORE): ContextWords {
  const word = String.raw`(?<!\p{L})(?:${words})(?!\p{L})`;
  return {
    before: new RegExp(String.raw`${word}\D{0,${reach}}$`, 'iu'),
    after: new RegExp(String.raw`^\D*${word}`, 'iu'),
    field: new RegExp(String.raw`\b(?:${words})\b`),
  };
}

/** Whether a word near a place, or the name of the field, tells what the value there is. */
export function hasContext(
  { text, field }: Reading,
  { start, end }: { readonly start: number; readonly end: number },
  words: ContextWords,
): boolean {
  return (
    (field !== '' && words.field.test(field)) ||
    words.before.test(text.slice(Math.max(0, start - REACH_BEFORE), start)) ||
    words.after.test(text.slice(end, end + REACH_AFTER))
  );
}
