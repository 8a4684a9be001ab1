import type { Codes } from './codes.ts';
import { readSign } from './sign.ts';

/** What stands at a place of a model's text: a copy of a placeholder, none, or what may become one. */
export type Copy =
  | { readonly is: 'copy'; readonly placeholder: string; readonly end: number }
  | { readonly is: 'none' }
  | { readonly is: 'beginning' };

export interface CopyPlace {
  readonly text: string;
  readonly at: number;
  /** Whether the text is JSON, in which signs may be escaped. */
  readonly isJson: boolean;
  /** Whether nothing follows on the text. */
  readonly isWhole: boolean;
}

/** Longest copy, in signs without its brackets. No more than that is ever held back. */
const LONGEST = 64;
/** Words of a label that is none of our kinds, such as `NÚMERO DE TELÉFONO`. */
const LABEL_WORDS = 3;

const NONE = { is: 'none' } as const;
const BEGINNING = { is: 'beginning' } as const;

/**
 * Reads a copy in brackets: `[EMAIL_k3f9x2]`, `[email k3f9x2]`, `[**EMAIL_k3f9x2**]`, `\[EMAIL\_k3f9x2\]`,
 * `【EMAIL‑k3f9x2】`, `[CORREO_k3f9x2]`, `[k3f9x2]`. Its code alone says which placeholder it is. Of the brackets both
 * are escaped or none is.
 */
export function readBracketed({ text, at, isJson, isWhole }: CopyPlace, codes: Codes): Copy {
  const unfinished = isWhole ? NONE : BEGINNING;
  let sign = readSign(text, at, isJson);
  if (sign === undefined) return unfinished;
  const isEscaped = sign.char === '\\';
  if (isEscaped) sign = readSign(text, sign.end, isJson);
  if (sign === undefined) return unfinished;
  if (!OPEN.has(sign.char)) return NONE;
  let content = '';
  let last = '';
  for (let length = 0; length <= LONGEST; length += 1) {
    sign = readSign(text, sign.end, isJson);
    if (sign === undefined) return !isWhole && mayBecomeContent(content, codes) ? BEGINNING : NONE;
    if (CLOSE.has(sign.char)) {
      if (isEscaped && last !== '\\') return NONE;
      const placeholder = findByContent(content, codes);
      return placeholder === undefined ? NONE : { is: 'copy', placeholder, end: sign.end };
    }
    const next = join(content, sign.char);
    if (next === undefined) return NONE;
    content = next;
    last = sign.char;
  }
  return NONE;
}

/** Reads a copy that has lost its brackets, which is known by the name of a kind: `EMAIL_k3f9x2`, `us-ssn k3f9x2`. */
export function readBare({ text, at, isJson, isWhole }: CopyPlace, codes: Codes): Copy {
  let content = '';
  let end = at;
  for (let length = 0; length <= LONGEST; length += 1) {
    const sign = readSign(text, end, isJson);
    if (sign === undefined && !isWhole) return BEGINNING;
    const next = sign === undefined ? undefined : join(content, sign.char);
    if (next === undefined || next.endsWith('_')) {
      const placeholder = findByLabel(content, codes);
      // An answer that was cut off may have ended in the middle of a longer code.
      if (sign === undefined && codes.goesOn(content.slice(content.lastIndexOf('_') + 1))) return NONE;
      if (placeholder !== undefined) return { is: 'copy', placeholder, end };
    }
    if (sign === undefined || next === undefined || !mayBecomeBare(next, codes)) return NONE;
    content = next;
    end = sign.end;
  }
  return NONE;
}

/**
 * The content of a copy with one sign more, in one form for all spellings: small letters without width variants, and
 * one underscore for any blanks, hyphens, points and signs of emphasis. Undefined for a sign that no copy has.
 */
function join(content: string, char: string): string | undefined {
  if (INVISIBLE.test(char)) return content;
  const plain = char.normalize('NFKC').toLowerCase();
  if (BETWEEN.test(plain)) return content === '' || content.endsWith('_') ? content : `${content}_`;
  return LETTER.test(plain) ? content + plain : undefined;
}

function findByContent(content: string, codes: Codes): string | undefined {
  const trimmed = content.replace(/_$/, '');
  if (codes.labels.some((label) => trimmed.startsWith(label))) return findByLabel(trimmed, codes);
  const words = trimmed.split('_');
  const code = words.pop() ?? '';
  return isLabel(words) ? codes.placeholderOf(code) : undefined;
}

function findByLabel(content: string, codes: Codes): string | undefined {
  for (const label of codes.labels) {
    const placeholder = content.startsWith(label)
      ? codes.placeholderOf(content.slice(label.length))
      : undefined;
    if (placeholder !== undefined) return placeholder;
  }
  return undefined;
}

function mayBecomeContent(content: string, codes: Codes): boolean {
  if (mayBecomeBare(content, codes)) return true;
  if (codes.labels.some((label) => content.startsWith(label))) return false;
  const words = content.replace(/_$/, '').split('_');
  const last = words.at(-1) ?? '';
  if (words.length > LABEL_WORDS) return isLabel(words.slice(0, -1)) && codes.begins(last);
  return isLabel(words) || (words.length === 1 && codes.begins(last));
}

/** Begins with a letter: `[1]` is a footnote. */
function isLabel(words: readonly string[]): boolean {
  return words.length <= LABEL_WORDS && !/^\p{N}/u.test(words[0] ?? '');
}

function mayBecomeBare(content: string, codes: Codes): boolean {
  return codes.labels.some((label) =>
    content.length < label.length
      ? label.startsWith(content)
      : content.startsWith(label) && codes.begins(content.slice(label.length).replace(/_$/, '')),
  );
}

const OPEN = new Set('[［【〔〖');
const CLOSE = new Set(']］】〕〗');
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/;
const BETWEEN = /[\p{Zs}\t_*`~\\.:#'’\p{Pd}\u2212]/u;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
