import type { Finding, Reading } from '../span.ts';
import { KEY, KEY_SIGN } from './forms.ts';

/**
 * Finds secrets: keys and tokens of a documented form, private keys, and what stands behind a name such as `password`
 * or `api_key`. Where only the name speaks for it, the value must look like chance: a word of a language is none.
 */
export function findSecrets({ text, field }: Reading): readonly Finding[] {
  return [...findKeys(text), ...findPrivateKeys(text), ...findNamed(text), ...findByField(text, field)];
}

function* findKeys(text: string): Generator<Finding> {
  if (!KEY_SIGN.test(text)) return;
  for (const { index, 0: key } of text.matchAll(KEY)) {
    yield { start: index, end: index + key.length, confidence: 0.98 };
  }
}

/** Up to the end of the block; to the end of the text where it was cut off. */
function* findPrivateKeys(text: string): Generator<Finding> {
  let from = 0;
  for (const { index: start, 0: head } of text.matchAll(PRIVATE_KEY)) {
    if (start < from) continue;
    const body = start + head.length;
    const tail = text.indexOf('-----END', body);
    const close = tail === -1 ? -1 : text.indexOf('-----', tail + 8);
    const end = close === -1 ? text.length : close + 5;
    yield { start, end, confidence: 1 };
    from = end;
  }
}

function* findNamed(text: string): Generator<Finding> {
  for (const match of text.matchAll(NAMED)) {
    const from = match.index + match[0].length;
    const value = VALUE.exec(text.slice(from, from + LONGEST))?.[0].replace(/[.,;:!?)\]}]+$/, '') ?? '';
    const isPassword = /pass|pwd|passwort|contrase/i.test(match[0]);
    if (isPassword ? looksLikePassword(value) : looksRandom(value)) {
      yield { start: from, end: from + value.length, confidence: 0.8 };
    }
  }
}

function* findByField(text: string, field: string): Generator<Finding> {
  const value = text.trim();
  if (value.length < 4 || value.length > LONGEST || !FIELD.test(field) || STANDS_FOR.test(value)) return;
  const start = text.indexOf(value);
  if (!/\s/.test(value) || /pass/.test(field)) yield { start, end: start + value.length, confidence: 0.8 };
}

/** Six characters and more, of two sorts at least, and nothing that stands for a password. */
function looksLikePassword(value: string): boolean {
  if (value.length < 6 || STANDS_FOR.test(value)) return false;
  const sorts = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d\s._-]/].filter((sort) => sort.test(value)).length;
  return sorts >= 2 && !/^[A-Z][a-z]+$/.test(value);
}

/** Long, of letters and digits, and of as many bits a character as chance has: English text has about four. */
function looksRandom(value: string): boolean {
  if (value.length < 16 || STANDS_FOR.test(value) || !/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  return entropyOf(value) >= 3;
}

/** Shannon's, in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

const LONGEST = 512;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const NAMES =
  '(?:pg|db|mysql|redis|smtp|user|root|admin)?pass(?:word|wd|phrase|code)|pwd|passwort|contraseña|mot de passe|secret(?:[_ -]?(?:access[_ -]?)?key)?|(?:api|access|account|auth|private|signing|encryption|shared|storage)[_ -]?key|(?:access|auth|refresh|api|bearer|session|id|personal)[_ -]?token|token|client[_ -]?secret|credentials?|bearer|authorization|basic';
const NAMED = new RegExp(
  String.raw`(?<!\p{L})(?:${NAMES})(?:["']?\s{0,3}(?:[:=]|:=|=>|is|lautet)\s{0,3}(?:(?:bearer|basic|token)\s{1,3})?| (?=[A-Za-z\d+/_=-]{20}))["'${'`'}]?`,
  'giu',
);
const VALUE = /^[^\s"'`<>,;{}()[\]]+/;
const FIELD =
  /\b(?:password|passwd|passphrase|pwd|secret|api ?key|access key|private key|(?:access|auth|refresh|api) token|client secret)$/;
/** Names of variables and types, and marks that say "put yours here". */
const STANDS_FOR =
  /^(?:string|null|none|true|false|undefined|number|boolean|object|required|optional|redacted|hidden|\*+|x+|\.+|your[-_ ].*|my[-_].*|change[-_ ]?me|example|placeholder|<.*|\$.*|%.*|\{.*|process\.env.*|os\.environ.*|env\..*)$|_hidden|\[[A-Z_]+/i;
