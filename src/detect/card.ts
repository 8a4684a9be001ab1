import { contextWords, hasContext } from './context.ts';
import type { Finding, Reading } from './span.ts';

/**
 * Finds payment card numbers: a valid Luhn digit (ISO/IEC 7812-1), and either the prefix and length of a network
 * that has few of both, or a word nearby that speaks of a card. Solid, or in the groups that are printed on cards.
 */
export function findCards(reading: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const match of reading.text.matchAll(CANDIDATE)) {
    const digits = match[0].replaceAll(/[ -]/g, '');
    const place = { start: match.index, end: match.index + match[0].length };
    if (!hasValidLuhn(digits)) continue;
    if (NETWORKS.test(digits)) found.push({ ...place, confidence: 1 });
    else if (hasContext(reading, place, CARD_WORDS)) found.push({ ...place, confidence: 0.9 });
  }
  return found;
}

function hasValidLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum > 0 && sum % 10 === 0;
}

// Solid; 4-4-4-4 with up to three more (19 digits); 4-6-5 (American Express); 4-6-4 (Diners Club).
const CANDIDATE =
  /(?<![\p{L}\p{N}])(?<!\d[-.,])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{12,19})(?![\p{L}\p{N}])(?![-.,]\d)/gu;

const NETWORKS = new RegExp(
  `^(?:${[
    '4\\d{15}', // Visa
    '4\\d{12}',
    '5[1-5]\\d{14}', // Mastercard
    '2(?:22[1-9]|2[3-9]\\d|[3-6]\\d\\d|7[01]\\d|720)\\d{12}',
    '3[47]\\d{13}', // American Express
    '3(?:0[0-5]|[689]\\d)\\d{11}', // Diners Club
    '6(?:011|4[4-9]\\d|5\\d\\d)\\d{12}', // Discover
    '35(?:2[89]|[3-8]\\d)\\d{12}', // JCB
    '62\\d{14}', // UnionPay
    '220[0-4]\\d{12}', // Mir
    '9792\\d{12}', // Troy
  ].join('|')})$`,
);

const CARD_WORDS = contextWords(
  'cards?|cc|ccn|pan|credit|debit|visa|master ?card|maestro|amex|american express|diners|discover|jcb|union ?pay|rupay',
);
