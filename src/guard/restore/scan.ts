import type { Codes } from './codes.ts';
import { type Copy, readBare, readBracketed } from './read-copy.ts';
import { readSign } from './sign.ts';

export interface ScanOptions {
  readonly codes: Codes;
  /** Whether the text is JSON, in which signs may be escaped. */
  readonly isJson: boolean;
  readonly isKnown: (placeholder: string) => boolean;
  /** Whether a copy that is not exact may be taken for one: nobody wrote its code into the request. */
  readonly isOwn: (code: string) => boolean;
  readonly onText: (text: string) => string;
  readonly onPlaceholder: (placeholder: string, written: string) => string;
}

/** Length of the longest escape in JSON. */
const ESCAPE_MAX = 6;

export interface Scanner {
  push(piece: string): string;
  flush(): string;
}

/**
 * Finds placeholders, and a model's copies of them, in a text that arrives in pieces. It holds back only what may
 * still become one.
 */
export function createScanner(options: ScanOptions): Scanner {
  const { codes, isJson, isKnown, isOwn, onText, onPlaceholder } = options;
  const { marks } = codes;
  let held = '';
  /** What stood before, by which a copy without brackets is told from the rest of a word. */
  let before = '';

  return {
    push: (piece) => scan(piece, false),
    flush: () => scan('', true),
  };

  function scan(piece: string, isWhole: boolean): string {
    const text = before + held + piece;
    const pieces: string[] = [];
    let from = before.length;
    let until = text.length;
    marks.lastIndex = from;
    for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
      const at = mark.index;
      const copy = readAt(text, at, isWhole);
      if (copy.is === 'beginning') {
        until = at;
        break;
      }
      if (copy.is === 'copy') {
        pieces.push(onText(text.slice(from, at)), onPlaceholder(copy.placeholder, text.slice(at, copy.end)));
        from = copy.end;
        marks.lastIndex = from;
      } else if (isJson && text.charAt(at) === '\\') {
        marks.lastIndex = readSign(text, at, isJson)?.end ?? text.length;
      }
    }
    if (from < until) pieces.push(onText(text.slice(from, until)));
    held = text.slice(until);
    before = text.slice(Math.max(0, until - ESCAPE_MAX), until);
    return pieces.join('');
  }

  function readAt(text: string, at: number, isWhole: boolean): Copy {
    const exact = readExact(text, at);
    if (exact !== undefined) return { is: 'copy', placeholder: exact, end: at + exact.length };
    const read = /[a-z]/i.test(text.charAt(at)) ? readBare : readBracketed;
    const copy = read({ text, at, isJson, isWhole }, codes);
    return copy.is === 'copy' && !isOwn(codeOf(copy.placeholder)) ? { is: 'none' } : copy;
  }

  function readExact(text: string, at: number): string | undefined {
    if (text.charAt(at) !== '[') return undefined;
    const ahead = text.slice(at, at + codes.longest);
    const placeholder = ahead.slice(0, ahead.indexOf(']') + 1);
    return isKnown(placeholder) ? placeholder : undefined;
  }
}

function codeOf(placeholder: string): string {
  return placeholder.slice(placeholder.lastIndexOf('_') + 1, -1);
}
