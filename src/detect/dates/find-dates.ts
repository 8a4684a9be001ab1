import type { Reading, Span } from '../span.ts';
import { DATES, type DateForm } from './forms.ts';

/**
 * Finds dates, and tells dates of birth from the others by the words before them. A year alone, a weekday or a day
 * without its month is a date only where its sentence uses it as one.
 */
export function* findDates({ text, field }: Reading): Generator<Span> {
  const isBirthField = BIRTH_FIELD.test(field);
  for (const form of DATES) {
    for (const match of text.matchAll(form.pattern)) {
      const written = match[0];
      const confidence = rate(form, text, match.index, written);
      if (confidence === 0) continue;
      const place = { start: match.index, end: match.index + written.length };
      yield { ...place, kind: 'DATE', confidence };
      if (!form.isDay) continue;
      const before = text.slice(Math.max(0, place.start - 48), place.start);
      const after = text.slice(place.end, place.end + 24);
      if (isBirthField || BIRTH_BEFORE.test(before) || BIRTH_AFTER.test(after)) {
        yield { ...place, kind: 'DATE_OF_BIRTH', confidence: 0.9 };
      }
    }
  }
}

function rate(form: DateForm, text: string, start: number, written: string): number {
  if (form.isValid?.(written) === false) return 0;
  const before = text.slice(Math.max(0, start - 24), start);
  if (form.notBefore?.test(before) === true) return 0;
  if (form.before === undefined || form.before.test(before)) return form.confidence;
  const after = text.slice(start + written.length, start + written.length + 24);
  const isDescribed = /(?<!\p{L})an? $/iu.test(before) && form.after?.test(after) === true;
  return isDescribed ? form.confidence : form.otherwise;
}

const BIRTH =
  'born|dob|d\\.o\\.b\\.?|birth[ _-]?(?:date|day)s?|date[ _-]?of[ _-]?birth|birth ?(?=[:(])|geboren(?: am)?|geburts(?:datum|tag)|n[ée]e? le|date de naissance|nacid[oa]|fecha de nacimiento|data di nascita|nat[oa] il';
// Up to four short words may stand between: `date of birth. It's`, `was born in Rome on`. No other digit may.
const BIRTH_BEFORE = new RegExp(String.raw`(?<!\p{L})(?:${BIRTH})(?!\p{L})[^\d\n]{0,32}\s{0,3}$`, 'iu');
const BIRTH_AFTER = /^[ ,(]{0,3}(?:is|was) (?:my|his|her|their|the) (?:birth ?day|date of birth|dob)/iu;
const BIRTH_FIELD = /\b(?:dob|birth|born|birthday|birthdate|geburtsdatum)\b/;
