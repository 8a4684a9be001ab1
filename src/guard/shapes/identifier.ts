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
  // Of random hexadecimal ids one in 60,000 has the form and the checksum of an IBAN, but in small letters.
  return kind !== 'IBAN' || !/[a-z]/.test(id.slice(start, end));
}
