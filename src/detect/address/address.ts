import { foldWord } from '../fold-code.ts';
import { isCommonWord } from '../person/common-words.ts';
import { isNoName } from '../person/not-names.ts';
import type { Finding, Reading } from '../span.ts';
import { endOfAddress } from './rest.ts';
import { AREA, BETWEEN_NUMBERS, BOX, PREFIXED, SUFFIXED, TYPED, UNIT } from './streets.ts';

/**
 * Finds postal addresses: a street in one of the forms of the larger countries, a post office box, or a place with
 * its state and code; and what goes on behind it: apartment, town, country.
 */
export function findAddresses({ text }: Reading): readonly Finding[] {
  const found: Finding[] = [];
  for (const { form, confidence, accepts } of FORMS) {
    for (const { index, 0: written } of text.matchAll(form)) {
      if (!accepts(written)) continue;
      const start = index - (HOUSE_NUMBER.exec(text.slice(Math.max(0, index - 12), index))?.[1]?.length ?? 0);
      found.push({ start, end: endOfAddress(text, index + written.length), confidence });
    }
  }
  return found;
}

const always = () => true;
/** `During 1971` and `Engineering 5` end as a German ring road does. */
const isNoGerund = (written: string) => !/^(?:\p{L}{0,30}[aeiou]|sp|st|b)ring\b/iu.test(written);
const hasNumber = (written: string) => /\d/.test(written);

const FORMS = [
  { form: TYPED, confidence: 0.85, accepts: always },
  { form: SUFFIXED, confidence: 0.8, accepts: isNoGerund },
  { form: PREFIXED, confidence: 0.75, accepts: hasNumber },
  { form: BOX, confidence: 0.85, accepts: always },
  { form: AREA, confidence: 0.75, accepts: always },
  { form: UNIT, confidence: 0.55, accepts: always },
  { form: BETWEEN_NUMBERS, confidence: 0.5, accepts: isUnknownStreet },
] as const;

/** `692 Kuuse 53`: words that mean something else would make it `3 May 2026` or `12 Tesla 3`. */
function isUnknownStreet(written: string): boolean {
  const words = (written.match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? []).map(foldWord);
  return words.some((word) => word.length > 3) && !words.some((word) => isCommonWord(word) || isNoName(word));
}

/** Stands before some streets, or before the number of an apartment. */
const HOUSE_NUMBER = /(?<![\p{L}\p{N}.,/$€£#-])(\d{1,6}[a-z]?,? )$/u;
