import { NUMBER_END, NUMBER_START } from './boundary.ts';
import { contextWords, hasContext } from './context.ts';
import type { Finding, Reading } from './span.ts';

/**
 * Finds payment card numbers: a valid Luhn digit (ISO/IEC 7812-1), and either the prefix and length of a network
 * that has few of both, or a word nearby that speaks of a card. Solid, or in the groups that are printed on cards.
 */
export function findCards(reading: Reading): readonly Finding[] {
  const found: Finding[] = [];
  let from = 0;
  for (const { index, 0: head, 1: tail = '' } of reading.text.matchAll(CANDIDATE)) {
    const run = head + tail;
    if (index < from || isInRow(reading.text.slice(Math.max(from, index - 10), index), run)) continue;
    const card = [run, run.replace(SECURITY_CODE, '')]
      .map((written) => rate(reading, index, written))
      .find(({ confidence }) => confidence > 0);
    if (card === undefined) continue;
    found.push(card);
    from = card.end;
  }
  return found;
}

function rate(reading: Reading, start: number, written: string): Finding {
  const digits = written.replaceAll(/[ -]/g, '');
  const place = { start, end: start + written.length };
  if (!hasValidLuhn(digits)) return { ...place, confidence: 0 };
  if (NETWORKS.test(digits)) return { ...place, confidence: 1 };
  return { ...place, confidence: hasContext(reading, place, CARD_WORDS) ? 0.9 : 0 };
}

/** Groups of four with two more before them are a row of accounts or years. One may be an order's number. */
function isInRow(before: string, run: string): boolean {
  return /^\d{4} \d{4} /.test(run) && /\d{4} \d{4} $/.test(before);
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

// 4-4-4-4 with up to three more (19 digits); 4-6-5 (American Express); 4-6-4 (Diners Club); solid. Behind the first
// four digits it only looks ahead: an order's number before a card must not swallow its beginning.
const CANDIDATE = new RegExp(
  String.raw`${NUMBER_START}\d{4}(?=(([ -])\d{4}\2\d{4}\2\d{4}(?:\2\d{3})?|([ -])\d{6}\3\d{4,5}|\d{8,15})${NUMBER_END})`,
  'gu',
);

/** Behind sixteen digits, and easily taken for the last three of nineteen. */
const SECURITY_CODE = /[ -]\d{3}$/;

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
