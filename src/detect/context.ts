import type { Reading } from './span.ts';

/** How far a word may stand from the value that it explains, in characters. */
const REACH_BEFORE = 40;
const REACH_AFTER = 24;

export interface ContextWords {
  /** Matched against what stands before the value; ends with `$`. */
  readonly before: RegExp;
  /** Matched against what stands after the value; begins with `^`. */
  readonly after: RegExp;
  /** Matched against the words of the field's name. */
  readonly field: RegExp;
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
