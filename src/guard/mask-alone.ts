import { randomBytes } from 'node:crypto';
import { countMasked } from './count-masked.ts';
import { createMasker } from './mask.ts';
import { createPlaceholders } from './placeholders.ts';

export interface MaskedText {
  readonly text: string;
  /** How many different values of each kind were masked. */
  readonly masked: Readonly<Record<string, number>>;
}

/** Masks one text by itself, with a key that nobody keeps. */
export function maskAlone(text: string): MaskedText {
  const key = randomBytes(32).toString('base64url');
  const placeholders = createPlaceholders({ key, scope: 'alone' });
  return { text: createMasker(placeholders).text(text), masked: countMasked(placeholders) };
}
