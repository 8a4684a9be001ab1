import type { DataKind } from '../../core/kinds.ts';
import { detect } from '../../detect/detect.ts';
import type { Span } from '../../detect/span.ts';

/**
 * Whether an identifier holds personal data. Identifiers are random, so a run of digits inside one says nothing: a
 * card, an IBAN or an address counts only where it stands alone. What has a form that chance does not write (an
 * e-mail address, an SSN or a phone number with its signs) counts anywhere.
 */
export function holdsPersonalData(id: string): boolean {
  return detect(id).some((span) => hasOwnForm(span) || standsAlone(id, span));
}

function hasOwnForm({ kind, confidence }: Span): boolean {
  return kind === 'EMAIL' || kind === 'US_SSN' || (kind === 'PHONE' && confidence >= 0.8);
}

function standsAlone(id: string, { kind, start, end }: Span): boolean {
  if (/[\w-]/.test(id.charAt(start - 1)) || /[\w-]/.test(id.charAt(end))) return false;
  return !IN_CAPITALS.has(kind) || !/[a-z]/.test(id.slice(start, end));
}

/**
 * Of random hexadecimal ids one in some ten thousand has the form and the checksum of one of these, but in small letters,
 * in which nobody writes them.
 */
const IN_CAPITALS: ReadonlySet<DataKind> = new Set([
  'IBAN',
  'NATIONAL_ID',
  'TAX_ID',
  'HEALTH_ID',
  'PASSPORT',
  'DRIVER_LICENSE',
  'VEHICLE',
]);
