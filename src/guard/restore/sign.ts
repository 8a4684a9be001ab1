/** One character of a text, as a reader of the text sees it. */
export interface Sign {
  readonly char: string;
  /** Index behind it. */
  readonly end: number;
}

/**
 * The sign at an index, or undefined where the text ends inside it. In JSON text an escape is one sign: providers may
 * write `[` as `\u005b`, and `\[` as `\\[`.
 */
export function readSign(text: string, at: number, isJson: boolean): Sign | undefined {
  const char = text.charAt(at);
  if (char === '') return undefined;
  if (!isJson || char !== '\\') return { char, end: at + 1 };
  const escape = text.charAt(at + 1);
  if (escape === '') return undefined;
  if (escape !== 'u') return { char: ESCAPES.get(escape) ?? escape, end: at + 2 };
  const hex = text.slice(at + 2, at + 6);
  if (/^[\da-f]{4}$/i.test(hex)) return { char: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 6 };
  return /^[\da-f]{0,3}$/i.test(hex) && at + 2 + hex.length === text.length
    ? undefined
    : { char: escape, end: at + 2 };
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);
