import type { Finding, Reading } from '../span.ts';
import { DATES, type DateForm } from './forms.ts';

/**
 * Finds dates. A year alone, a weekday or a day without its month is one only where its sentence uses it as one.
 */
export function findDates({ text }: Reading): readonly Finding[] {
  return DATES.flatMap((form) => listDates(form, text));
}

/** Finds dates of birth, which words before them or the name of their field tell from other dates. */
export function findBirths({ text, field }: Reading): readonly Finding[] {
  const isBirthField = BIRTH_FIELD.test(field);
  if (!isBirthField && !BIRTH_SIGN.test(text)) return [];
  return DATES.filter(({ isDay }) => isDay)
    .flatMap((form) => listDates(form, text))
    .filter(({ start, end }) => {
      return (
        isBirthField ||
        BIRTH_BEFORE.test(text.slice(Math.max(0, start - 48), start)) ||
        BIRTH_AFTER.test(text.slice(end, end + 40))
      );
    })
    .map((date) => ({ ...date, confidence: 0.9 }));
}

function listDates(form: DateForm, text: string): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index: start, 0: written } of text.matchAll(form.pattern)) {
    const confidence = rate(form, text, start, written);
    if (confidence > 0) found.push({ start, end: start + written.length, confidence });
  }
  return found;
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
/** What every text has in which words speak of a birth. */
const BIRTH_SIGN =
  /b(?:orn|irth)|dob|d\.o\.b|gebor|geburt|naissance|(?<!\p{L})n[ée]e? le|naci|nascita|nat[oa] il/iu;
const BIRTH_AFTER = /^[ ,(]{0,3}(?:is|was) (?:my|his|her|their|the) (?:birth ?day|date of birth|dob)/iu;
const BIRTH_FIELD = /\b(?:dob|birth|born|birthday|birthdate|geburtsdatum)\b/;
