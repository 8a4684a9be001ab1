import { foldWord } from '../fold-code.ts';
import type { Finding } from '../span.ts';
import { isCommonWord } from './common-words.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isNoName } from './not-names.ts';
import { endsLikeSurname, SURNAMES } from './surnames.ts';

/**
 * Names in small letters, as people type them into a chat: a given name with a family name behind it, neither of
 * which is a word of the language; or a usual name behind `my name is`.
 */
export function* findUncapitalised(text: string): Generator<Finding> {
  for (const { index, 0: given, 1: family = '' } of text.matchAll(PAIR)) {
    if (!isName(given, (word) => GIVEN_NAMES.has(word)) || !isName(family, isFamily)) continue;
    yield { start: index, end: index + given.length + 1 + family.length, confidence: 0.6 };
  }
  for (const { index, 0: all, 1: name = '' } of text.matchAll(INTRODUCED)) {
    if (!isName(name, (word) => GIVEN_NAMES.has(word) || isFamily(word))) continue;
    yield { start: index + all.length - name.length, end: index + all.length, confidence: 0.6 };
  }
}

function isName(written: string, isUsual: (word: string) => boolean): boolean {
  const word = ASCII.test(written) ? written : foldWord(written);
  return isUsual(word) && !isCommonWord(word) && !isNoName(word);
}

const isFamily = (word: string): boolean => SURNAMES.has(word) || endsLikeSurname(word);

const ASCII = /^[a-z]+$/;
const WORD = String.raw`\p{Ll}[\p{Ll}\p{M}]{2,24}`;
const START = String.raw`(?<![\p{L}\p{M}\p{N}_@#$%\\'’./-])`;
const END = String.raw`(?![\p{L}\p{M}\p{N}_@(/\\-]|[.:][\p{L}\p{N}_])`;
const PAIR = new RegExp(String.raw`${START}${WORD}(?= (${WORD})${END})`, 'gu');
const INTRODUCED = new RegExp(
  String.raw`(?:\bmy|maiden|last|first|full) name(?:'s| is) (${WORD})${END}`,
  'gu',
);
