import { createHmac } from 'node:crypto';
import { DATA_KINDS, type DataKind } from '../core/kinds.ts';

export interface MaskedValue {
  readonly kind: DataKind;
  readonly value: string;
}

/** The placeholders of one request. They live as long as the request; nothing is stored. */
export interface Placeholders {
  /** The placeholder of a value, such as `[EMAIL_k3f9x2]`. */
  of(kind: DataKind, value: string): string;
  /** What each placeholder that was given out stands for. */
  readonly values: ReadonlyMap<string, MaskedValue>;
}

export interface PlaceholderOptions {
  /** Secret of the mesh. Who lacks it cannot tell a value from its code, nor make a code for a value. */
  readonly key: string;
  /** The session, or the agent where there is none: the same value has another placeholder elsewhere. */
  readonly scope: string;
  /** Length of a code that does not clash: 6 characters are 30 bits. Tests take fewer, to see clashes. */
  readonly codeLength?: number;
}

const CODE_LENGTH = 6;
/** By how much a code grows at a clash. */
const CODE_STEP = 2;

/**
 * A code is a keyed digest of the value, so the same value has the same placeholder in every request of a session
 * and the prefix that a provider caches stays the same. Of two values with the same code, whatever their kinds, the
 * one that comes later in the request gets a longer one: what comes later never changes what stood before.
 */
export function createPlaceholders(options: PlaceholderOptions): Placeholders {
  const { key, scope, codeLength = CODE_LENGTH } = options;
  const byValue = new Map<string, string>();
  const values = new Map<string, MaskedValue>();
  const codes = new Set<string>();

  return { of, values };

  function of(kind: DataKind, value: string): string {
    const id = `${kind}:${value}`;
    const known = byValue.get(id);
    if (known !== undefined) return known;
    const placeholder = `[${kind}_${takeCode(digest(JSON.stringify([scope, kind, value])))}]`;
    byValue.set(id, placeholder);
    values.set(placeholder, { kind, value });
    return placeholder;
  }

  function takeCode(digest: string): string {
    for (let length = codeLength; length <= digest.length; length += CODE_STEP) {
      const code = digest.slice(0, length);
      if (codes.has(code)) continue;
      codes.add(code);
      return code;
    }
    throw new Error('Two values have the same digest.');
  }

  function digest(text: string): string {
    return toBase32(createHmac('sha256', key).update(text).digest());
  }
}

export interface Lookalike {
  readonly start: number;
  readonly end: number;
  readonly kind: DataKind;
}

/**
 * The texts that look like placeholders: a person wrote them, or they were left over from another session, or the
 * guard kept them from a tool. They are masked like values and come back as they were, so every placeholder in what
 * a model reads is one of this request.
 */
export function findLookalikes(text: string): readonly Lookalike[] {
  if (!text.includes('[')) return [];
  return Array.from(text.matchAll(LOOKALIKE), ({ index, 0: written, groups }) => ({
    start: index,
    end: index + written.length,
    kind: KINDS.get(groups?.['kind'] ?? '') ?? 'EMAIL',
  }));
}

/** Whether a masked value is no personal data, but such a text. */
export function isLookalike(value: string): boolean {
  return WHOLE_LOOKALIKE.test(value);
}

const KINDS = new Map<string, DataKind>(DATA_KINDS.map((kind) => [kind, kind]));
/** Shorter codes than ours too: so tests with short ones see the same rule. */
const FORM = `\\[(?<kind>${DATA_KINDS.join('|')})_[0-9a-z]{1,52}\\]`;
const LOOKALIKE = new RegExp(FORM, 'g');
const WHOLE_LOOKALIKE = new RegExp(`^${FORM}$`);

/** Crockford's alphabet: no i, l, o, u, so neither a model nor a person misreads a code. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Five bits a character; the bits that do not fill one are dropped. */
function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((pending >>> (bits - 5)) & 31);
    pending &= (1 << bits) - 1;
  }
  return text;
}
