import type { Finding, Reading } from './span.ts';

/** Finds amounts of pay: an amount with a word for pay close before it, or right after; or in a field named so. */
export function findSalaries({ text, field }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  const isPay = FIELD.test(field);
  for (const { index, 0: amount } of text.matchAll(AMOUNT)) {
    if (!/\d{3}|\dk/i.test(amount.replaceAll(/[^\dk]/gi, ''))) continue;
    const end = index + amount.length;
    if (
      isPay ||
      BEFORE.test(text.slice(Math.max(0, index - 48), index)) ||
      AFTER.test(text.slice(end, end + 32))
    ) {
      found.push({ start: index, end, confidence: 0.8 });
    }
  }
  return found;
}

const CURRENCY = String.raw`(?:[$€£¥₹]|usd|eur|gbp|chf|inr|jpy|cad|aud|sek|nok|dkk|pln)`;
const AMOUNT = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,-])(?:${CURRENCY} ?)?\d{1,3}(?:(?:[,.' ]\d{3}){1,4}|\d{0,7})(?:[.,]\d{1,2})?(?: ?(?:k|thousand|million|lakhs?|tsd\.?))?(?: ?${CURRENCY})?(?![\p{L}\p{N}]|[.,-]\d|%|/\d)`,
  'giu',
);
const WORDS = String.raw`salar(?:y|ies)|wages?|compensation|(?:base|gross|net|annual|monthly|take[ -]home|hourly) pay|pay ?rate|remuneration|bonus(?:es)?|stipend|gehalt|jahresgehalt|bruttogehalt|lohn|salaire|sueldo|salario|stipendio|income|earns?|earning|(?:is|gets?|was) paid|makes`;
// No other amount may stand between, and no end of a sentence.
const BEFORE = new RegExp(String.raw`(?<!\p{L})(?:${WORDS})(?:[^\d.;!?\n]|\.(?=\p{L})){0,28}$`, 'iu');
const AFTER =
  /^ ?(?:(?:per|a|an|\/) ?(?:year|month|hour|annum|week)|p\.? ?a\.?|annually|yearly|monthly|(?:base |annual |gross |net )?(?:salary|compensation|wage))(?!\p{L})/iu;
const FIELD = /\b(?:salary|wage|wages|compensation|pay|bonus|remuneration|income|gehalt|lohn)\b/;
