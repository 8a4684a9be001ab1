import { fold } from '../fold.ts';

/**
 * A text as letters and digits alone, in one case and without accents: what is left when case, blanks, punctuation
 * and thousands separators are taken away, so that a fact is found in whichever way it is written.
 */
export interface Letters {
  readonly text: string;
  /** Where each stands in the original: UTF-16 offsets, `ends` exclusive. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function readLetters(original: string): Letters {
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let offset = 0;
  for (const sign of original) {
    const end = offset + sign.length;
    const folded = foldSign(sign);
    for (const unit of folded.split('')) {
      pieces.push(unit);
      starts.push(offset);
      ends.push(end);
    }
    // An accent belongs to its letter: the word goes on after it.
    if (folded === '' && ends.length > 0 && MARK.test(sign)) ends[ends.length - 1] = end;
    offset = end;
  }
  return { text: pieces.join(''), starts, ends };
}

/** The letters of a text without their places. */
export const toLetters = (text: string): string => readLetters(text).text;

/** True if no letter or digit stands directly before the one at `index`. */
export function beginsWord({ starts, ends }: Letters, index: number): boolean {
  return index === 0 || (ends[index - 1] ?? 0) < (starts[index] ?? 0);
}

/** True if no letter or digit stands directly after the one before `index`. */
export function endsWord(letters: Letters, index: number): boolean {
  return index === letters.text.length || beginsWord(letters, index);
}

function foldSign(sign: string): string {
  if (sign >= 'a' && sign <= 'z') return sign;
  if (sign >= '0' && sign <= '9') return sign;
  // To upper case and back: ß and SS, ς and Σ are one.
  return fold(sign).normalize('NFKD').toUpperCase().toLowerCase().replace(NEITHER, '');
}

const NEITHER = /[^\p{L}\p{N}]/gu;
const MARK = /^\p{M}$/u;
