import { hasContext } from './context.ts';
import type { Finding, Reading } from './span.ts';

/**
 * Finds US Social Security numbers: nine digits as 3-2-4 with the same separator twice, or bare where a word
 * nearby says so. Never issued, so never found: area 000, 666 and 900-999, group 00, serial 0000
 * (https://www.ssa.gov/employer/randomization.html).
 */
export function findUsSsns(reading: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const match of reading.text.matchAll(CANDIDATE)) {
    const separator = match[1] ?? '';
    const place = { start: match.index, end: match.index + match[0].length };
    const named = hasContext(reading, place, { before: NAMED_BEFORE, after: NAMED_AFTER, field: NAME });
    if (named || separator === '-' || separator === ' ')
      found.push({ ...place, confidence: named ? 0.95 : 0.85 });
  }
  return found;
}

const CANDIDATE =
  /(?<![\p{L}\p{N}])(?<!\d[-.,])(?!000|666|9)\d{3}([-. ]?)(?!00)\d{2}\1(?!0000)\d{4}(?![\p{L}\p{N}])(?![-.,]\d)/gu;

const WORDS = String.raw`ssns?|social[ _-]{0,2}sec(?:urity)?|soc[ ._-]{0,2}sec|tax[ _-]?payer[ _-]?id`;
const NAME = new RegExp(WORDS, 'i');
const NAMED_BEFORE = new RegExp(String.raw`(?<!\p{L})(?:${WORDS})(?!\p{L})\D*$`, 'iu');
const NAMED_AFTER = new RegExp(String.raw`^\D*(?<!\p{L})(?:${WORDS})(?!\p{L})`, 'iu');
