/** A stretch of a text that is another text in base64. */
export interface Encoded {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Shorter ones hold too little to tell, and are words as often as not. */
const SHORTEST = 16;
const SHORTEST_LINE = 60;
const LONGEST_LINE = 76;

/**
 * The texts in a text that are written in base64, of either alphabet, also over several lines. Bytes that are no text
 * (images, keys, digests) are told by the first few of them.
 */
export function* findBase64(text: string): Generator<Encoded> {
  for (const { start, end } of listRuns(text)) {
    const packed = text.slice(start, end).replaceAll(/\s/g, '');
    if (!isText(packed.slice(0, SHORTEST)) || !isText(packed)) continue;
    yield { start, end, text: Buffer.from(packed, 'base64').toString('utf8') };
  }
}

/**
 * Runs of signs that base64 has. A run of sixteen has one at every sixteenth place, so the others are only looked at
 * beside such a one: no sign more than twice.
 */
function* listRuns(text: string): Generator<{ readonly start: number; readonly end: number }> {
  for (let at = SHORTEST - 1; at < text.length; at += SHORTEST) {
    if (!isPacked(text, at)) continue;
    let start = at;
    while (start > 0 && isPacked(text, start - 1)) start -= 1;
    let end = endOfRun(text, at);
    let line = start;
    // Mails and keys have lines of 64 or 76 signs.
    while (end - line >= SHORTEST_LINE && end - line <= LONGEST_LINE) {
      const next = text.startsWith('\r\n', end) ? end + 2 : end + 1;
      if (!/[\r\n]/.test(text.charAt(end)) || !isPacked(text, next)) break;
      line = next;
      end = endOfRun(text, next);
    }
    if (end - start >= SHORTEST) {
      const padding = /^={0,2}/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
      yield { start, end: end + padding };
    }
    at = end;
  }
}

function endOfRun(text: string, from: number): number {
  let end = from;
  while (end < text.length && isPacked(text, end)) end += 1;
  return end;
}

/** Letters, digits, `+`, `/`, and `-` and `_` of the alphabet for URLs. */
function isPacked(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 45 ||
    code === 95
  );
}

/** Valid UTF-8 without controls. */
function isText(packed: string): boolean {
  const bytes = Buffer.from(packed, 'base64');
  const decoded = bytes.toString('utf8');
  // The first few may end in the middle of a character.
  return !CONTROL.test(decoded) && !decoded.slice(0, -3).includes('\ufffd');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what tells bytes from text.
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;
