import { DATA_KINDS, type DataKind } from '../core/kinds.ts';
import { findCards } from './card.ts';
import { findEmails } from './email.ts';
import { fold, splitWords } from './fold.ts';
import { findIbans } from './iban.ts';
import { findIps } from './ip.ts';
import { resolveOverlaps } from './overlap.ts';
import { findPhones } from './phone.ts';
import type { Detector, Span } from './span.ts';
import { findUsSsns } from './us-ssn.ts';

export interface DetectOptions {
  readonly kinds?: readonly DataKind[];
  /** Name of the field whose value the text is: `{"ssn": "123456789"}` is an SSN by its name alone. */
  readonly field?: string | undefined;
}

const DETECTORS: Readonly<Record<DataKind, Detector>> = {
  EMAIL: findEmails,
  US_SSN: findUsSsns,
  PHONE: findPhones,
  CARD: findCards,
  IBAN: findIbans,
  IP: findIps,
};

/** The personal data in a text: sorted, never overlapping, in time linear in its length. */
export function detect(text: string, options: DetectOptions = {}): readonly Span[] {
  const folded = fold(text);
  if (!MAY_HOLD_DATA.test(folded)) return [];
  const reading = { text: folded, field: splitWords(options.field ?? '') };
  const kinds = options.kinds ?? DATA_KINDS;
  return resolveOverlaps(
    kinds.flatMap((kind) => DETECTORS[kind](reading).map((finding) => ({ ...finding, kind }))),
  );
}

// Every kind has a digit or an at sign, and many texts of a conversation have neither.
const MAY_HOLD_DATA = /[@\d]/;
