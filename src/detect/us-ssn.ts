import { NUMBER_END, NUMBER_START } from './boundary.ts';
import { contextWords, hasContext } from './context.ts';
import type { Finding, Reading } from './span.ts';

/**
 * Finds US Social Security numbers: nine digits as 3-2-4 with the same separator twice, or bare where a word
 * nearby says so. Never issued, so never found: area 000, 666 and 900-999, group 00, serial 0000
 * (https://www.ssa.gov/employer/randomization.html), nor the one that was printed on a sample card.
 */
export function findUsSsns(reading: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { index, 0: written, 1: separator } of reading.text.matchAll(CANDIDATE)) {
    const place = { start: index, end: index + written.length };
    if (hasContext(reading, place, SSN_WORDS)) found.push({ ...place, confidence: 0.95 });
    else found.push({ ...place, confidence: separator === '-' || separator === ' ' ? 0.85 : 0.2 });
  }
  return found;
}

const CANDIDATE = new RegExp(
  String.raw`${NUMBER_START}(?!000|666|9|078[-. ]?05[-. ]?1120)\d{3}([-. ]?)(?!00)\d{2}\1(?!0000)\d{4}${NUMBER_END}`,
  'gu',
);

const SSN_WORDS = contextWords(
  'ssns?|social[ _-]{0,2}sec(?:urity)?|soc[ ._-]{0,2}sec|tax[ _-]?payer[ _-]?id',
);
