/**
 * The shape of a code: runs of letters and of digits, with a blank where a sign parts its groups. `PR 123612C` has the
 * shape `L2 D6L1`. A shape is looked up in a table, so a text is read once, however many codes there are to find.
 */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly shape: string;
  readonly hasDigit: boolean;
}

/** No code has a longer group, nor one of more letters without a digit: those are words, hashes and encoded bytes. */
const LONGEST_GROUP = 34;
const MOST_LETTERS = 3;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;

/**
 * The runs of ASCII digits and Latin letters of a text that may be a group of a code. Letters of other scripts may
 * touch one. Visits each character once.
 */
export function readChunks(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  const { length } = text;
  let at = 0;
  while (at < length) {
    let kind = kindAt(text, at);
    if (kind === OTHER) {
      at += 1;
      continue;
    }
    const start = at;
    let runStart = at;
    let shape = '';
    let hasDigit = kind === DIGIT;
    do {
      at += 1;
      const next = at < length ? kindAt(text, at) : OTHER;
      if (next === kind) continue;
      // A word of letters alone ends here without a shape; most of a text is that.
      if ((hasDigit || next !== OTHER || at - start <= MOST_LETTERS) && at - start <= LONGEST_GROUP) {
        shape += nameRun(kind, at - runStart);
      }
      runStart = at;
      kind = next;
      if (next === DIGIT) hasDigit = true;
    } while (kind !== OTHER);
    if (shape !== '' && at - start <= LONGEST_GROUP) chunks.push({ start, end: at, shape, hasDigit });
  }
  return chunks;
}

/** Whether a letter or digit that may be of a code stands at a place. */
export const isSign = (text: string, at: number): boolean => at >= 0 && kindAt(text, at) !== OTHER;

export const isDigit = (text: string, at: number): boolean => at >= 0 && kindAt(text, at) === DIGIT;

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 48) return OTHER;
  if (code <= 57) return DIGIT;
  if (code < 65) return OTHER;
  return code <= 90 || (code >= 97 && code <= 122) || (code >= 0xc0 && code <= 0x24f) ? LETTER : OTHER;
}

const NAMES = [LETTER, DIGIT].map((kind) =>
  Array.from({ length: LONGEST_GROUP + 1 }, (_, length) => `${kind === DIGIT ? 'D' : 'L'}${length}`),
);

const nameRun = (kind: number, length: number): string => NAMES[kind - 1]?.[length] ?? '';
