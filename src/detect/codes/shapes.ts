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

/** No code has a longer group; such a chunk is a word, a hash or encoded bytes. */
const LONGEST_GROUP = 34;

const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;

/** The runs of ASCII digits and Latin letters of a text. Letters of other scripts may touch a code. */
export function readChunks(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  while (start < text.length) {
    let kind = kindOf(text.charCodeAt(start));
    if (kind === OTHER) {
      start += 1;
      continue;
    }
    let end = start;
    let runStart = start;
    let shape = '';
    let hasDigit = false;
    for (let next = kind; ; ) {
      if (next !== kind) {
        if (end - start <= LONGEST_GROUP) shape += `${kind === DIGIT ? 'D' : 'L'}${end - runStart}`;
        if (kind === DIGIT) hasDigit = true;
        runStart = end;
        kind = next;
      }
      if (next === OTHER) break;
      end += 1;
      next = end < text.length ? kindOf(text.charCodeAt(end)) : OTHER;
    }
    chunks.push({ start, end, shape: end - start > LONGEST_GROUP ? '' : shape, hasDigit });
    start = end;
  }
  return chunks;
}

function kindOf(code: number): number {
  if (code < 48) return OTHER;
  if (code <= 57) return DIGIT;
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 0xc0 && code <= 0x24f)
    ? LETTER
    : OTHER;
}
