import type { Masker } from '../mask.ts';
import type { Privacy } from '../privacy.ts';
import { expectObject, expectString, malformed, unreadable } from './expect.ts';
import { holdsPersonalData } from './identifier.ts';

/** What the places of one request are masked with. */
export interface PlaceMasker extends Masker {
  readonly privacy: Privacy;
}

/** Masks the value at one place of a request, or refuses it. `path` is for error messages. */
export type MaskPlace = (value: unknown, path: string, masker: PlaceMasker) => unknown;

/** A text that anyone may have written. */
export const text: MaskPlace = (value, path, masker) => masker.text(expectString(value, path));

/** Plain JSON whose strings, keys and numbers mean nothing to the guard. */
export const json: MaskPlace = (value, _path, masker) => masker.json(value);

/** A word of the protocol, which passes as it is: a mask would break it, so personal data is refused there. */
export function identifier(form: RegExp, expected: string): (value: unknown, path: string) => string {
  return (value, path) => {
    const id = expectString(value, path);
    if (!form.test(id)) throw malformed(path, expected);
    return expectImpersonal(id, path);
  };
}

export function oneOf(...words: readonly string[]): MaskPlace {
  return (value, path) => {
    if (typeof value === 'string' && words.includes(value)) return value;
    throw malformed(path, words.length > 1 ? `one of ${words.join(', ')}` : words.join());
  };
}

export const flag: MaskPlace = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw malformed(path, 'true or false');
};

export const number: MaskPlace = (value, path) => {
  if (typeof value !== 'number') throw malformed(path, 'a number');
  expectImpersonal(String(value), path);
  return value;
};

/** A number for each token of the model's vocabulary. */
export const tokenWeights: MaskPlace = (value, path, masker) => {
  const weights = Object.entries(expectObject(value, path));
  if (!weights.every(([token]) => /^\d{1,7}$/.test(token))) throw malformed(path, 'an object of token ids');
  return Object.fromEntries(weights.map(([token, weight]) => [token, number(weight, path, masker)]));
};

/** Content that the guard cannot read, and that would come back in a form which it cannot read either. */
export const unread: MaskPlace = (_value, path) => {
  throw unreadable(path, 'the guard reads text only');
};

/** An object with content that the guard cannot read: an image, a recording, a document. */
export function media(place: MaskPlace): MaskPlace {
  return (value, path, masker) => {
    const { mode, media: policy } = masker.privacy;
    if (mode === 'auto' && policy === 'pass') return place(value, path, masker);
    return unread(value, path, masker);
  };
}

/** The bytes of such content, in base64 or a data URL, or its address, in which personal data is refused. */
export const mediaData: MaskPlace = (value, path) => {
  const data = expectString(value, path);
  return /^(?!data:)[\w+.-]+:/.test(data) ? expectImpersonal(data, path) : data;
};

function expectImpersonal(value: string, path: string): string {
  if (!holdsPersonalData(value)) return value;
  throw unreadable(path, 'it holds personal data where nothing can be masked');
}
