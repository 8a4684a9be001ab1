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
  /** Secret of the mesh. Who lacks it cannot tell a value from its tag, nor make a tag for a value. */
  readonly key: string;
  /** The session, or the agent where there is none: the same value has another placeholder elsewhere. */
  readonly scope: string;
  /** Texts of the request that look like placeholders; see `findLookalikes`. */
  readonly taken: ReadonlySet<string>;
}

/** Length of a tag, and by how much it grows at a clash: 6 characters are 30 bits. */
const TAG_LENGTH = 6;
const TAG_STEP = 2;

/**
 * A tag is a keyed digest of the value, so the same value has the same placeholder in every request of a session
 * and the prefix that a provider caches stays the same. Of two values with the same tag, the one that comes later
 * in the request gets a longer one.
 */
export function createPlaceholders({ key, scope, taken }: PlaceholderOptions): Placeholders {
  const byValue = new Map<string, string>();
  const values = new Map<string, MaskedValue>();

  return { of, values };

  function of(kind: DataKind, value: string): string {
    const id = `${kind}:${value}`;
    const known = byValue.get(id);
    if (known !== undefined) return known;
    const placeholder = choose(kind, digest(JSON.stringify([scope, kind, value])));
    byValue.set(id, placeholder);
    values.set(placeholder, { kind, value });
    return placeholder;
  }

  function choose(kind: DataKind, tag: string): string {
    for (let length = TAG_LENGTH; length <= tag.length; length += TAG_STEP) {
      const placeholder = `[${kind}_${tag.slice(0, length)}]`;
      if (!values.has(placeholder) && !taken.has(placeholder)) return placeholder;
    }
    throw new Error('Two values have the same digest.');
  }

  function digest(text: string): string {
    return toBase32(createHmac('sha256', key).update(text).digest());
  }
}

/**
 * The rule for text that looks like a placeholder but is none of ours (a person wrote it, or it was left over from
 * another session): it goes to the model as it is and comes back as it was. So that it can never be taken for a
 * value, no value of this request gets a placeholder that stands in the request already.
 */
export function findLookalikes(body: string): ReadonlySet<string> {
  return new Set(body.match(LOOKALIKE));
}

const LOOKALIKE = new RegExp(`\\[(?:${DATA_KINDS.join('|')})_[0-9a-z]{${TAG_LENGTH},51}\\]`, 'g');

/** Crockford's alphabet: no i, l, o, u, so neither a model nor a person misreads a tag. */
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
