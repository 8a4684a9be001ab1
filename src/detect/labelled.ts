import type { DataKind } from '../core/kinds.ts';
import type { Reading, Span } from './span.ts';

/**
 * Finds what only its label tells: numbers of accounts, employees, passports and licences have a form of their own in
 * every bank, firm and country. A label is one word or a few, right before the number; or the name of the field.
 */
export function* findLabelled({ text, field }: Reading): Generator<Span> {
  const whole = text.length <= LONGEST_FIELD ? WHOLE.exec(text.trim())?.[0] : undefined;
  for (const { kind, label, field: name, value, confidence } of LABELS) {
    for (const match of text.matchAll(label)) {
      const from = match.index + match[0].length;
      const found = value.exec(text.slice(from, from + 40))?.[0];
      if (found !== undefined) yield { start: from, end: from + found.length, kind, confidence };
    }
    if (whole !== undefined && name.test(field) && value.exec(whole)?.[0] === whole) {
      const start = text.indexOf(whole);
      yield { start, end: start + whole.length, kind, confidence };
    }
  }
}

/** A field that holds one value holds little more. */
const LONGEST_FIELD = 100;
const WHOLE = /^[\p{L}\p{N}][\p{L}\p{N} ./-]{2,30}[\p{L}\p{N}]$/u;

interface Label {
  readonly kind: DataKind;
  readonly label: RegExp;
  readonly field: RegExp;
  readonly value: RegExp;
  readonly confidence: number;
}

/** Between a label and its value: `No.: `, `# `, ` is `, `": "`. */
const LINK = String.raw`(?: ?(?:numbers?|num|no\.?|nr\.?|id|#))?["'*]{0,2}\s{0,3}(?:(?:is|was|ist|:|=|#|->)\s{0,3}){0,2}["'(*]{0,2}`;
/** A label that is also a common word needs a sign or a word that says that its number comes. */
const STRICT_LINK = String.raw`(?:[ _-]?(?:numbers?|num|no\.?|nr\.?|id|#)["'*]{0,2}\s{0,3}(?:(?:is|was|ist|:|=|#|->)\s{0,3}){0,2}|["']?\s{0,2}[:=#]\s{0,3})["'(*]{0,2}`;

function label(kind: DataKind, strict: boolean, words: string, value: RegExp, confidence = 0.8): Label {
  return {
    kind,
    label: new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})${strict ? STRICT_LINK : LINK}`, 'giu'),
    field: new RegExp(String.raw`\b(?:${words})(?: (?:number|num|no|nr|id))?$`, 'u'),
    value,
    confidence,
  };
}

const END = String.raw`(?![\p{L}\p{N}]|[.,]\d|[-/]\p{N})`;
const ACCOUNT_NUMBER = new RegExp(
  String.raw`^(?:\d{6,17}|\d{2,6}(?:-\d{2,8}){1,4}|\d{4}(?: \d{4}){1,3}|[X*]{2,12}\d{4})${END}`,
  'u',
);
const EMPLOYEE_NUMBER = new RegExp(String.raw`^(?=[\p{L}-]{0,5}\d)[\p{L}]{0,4}[-_ ]?\d{3,10}${END}`, 'u');
const LICENCE_NUMBER = new RegExp(
  String.raw`^(?=(?:[ -]?[A-Z]){0,8}[ -]?\d)(?:[A-Z\d]{1,18}(?:[ -][A-Z\d]{1,6}){0,4})(?<=\d\D{0,6}\d.{0,12})${END}`,
  'iu',
);
const PASSPORT_NUMBER = new RegExp(String.raw`^(?=[A-Z]{0,3}\d)[A-Z\d]{6,12}${END}`, 'iu');

const LABELS: readonly Label[] = [
  label(
    'ACCOUNT',
    true,
    '(?:(?:bank|savings|checking|current|customer|client|deposit) )?(?:account|acct|a/c|konto)',
    ACCOUNT_NUMBER,
  ),
  label(
    'ACCOUNT',
    false,
    'kontonummer|account number|acct no\\.?|num[ée]ro de compte|n[úu]mero de cuenta',
    ACCOUNT_NUMBER,
  ),
  label('EMPLOYEE_ID', true, '(?:employee|emp|staff|personnel|payroll|worker|badge|hr)', EMPLOYEE_NUMBER),
  label(
    'EMPLOYEE_ID',
    false,
    'personalnummer|mitarbeiternummer|matricule|employee id|employee number',
    EMPLOYEE_NUMBER,
  ),
  label(
    'DRIVER_LICENSE',
    false,
    "(?:driver(?:['’]?s)?|driving)[ _-]?(?:licen[cs]e|permit)|f(?:ü|ue)hrerschein(?:nummer|nr\\.?)?|permis de conduire|licencia de conducir|patente di guida|dl (?:number|no\\.?|#)",
    LICENCE_NUMBER,
  ),
  label(
    'PASSPORT',
    false,
    'passports?(?: number)?|travel document|reisepass(?:nummer)?|pasaporte|passaporto|passeport',
    PASSPORT_NUMBER,
  ),
  label(
    'NATIONAL_ID',
    false,
    'national (?:id|identity|identification)(?: card)?|identity card|id card',
    PASSPORT_NUMBER,
    0.6,
  ),
];
