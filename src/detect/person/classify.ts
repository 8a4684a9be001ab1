import { foldWord } from '../fold-code.ts';
import { isCommonWord } from './common-words.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { isNoName } from './not-names.ts';
import { endsLikeSurname, SURNAMES } from './surnames.ts';

/**
 * What a capitalised word may be. `given` and `family` are names that are nothing else; a `doubtful` one is a word of
 * the language, a place or a company as well; `unknown` is in no list; `other` is surely not a name.
 */
export type WordClass =
  | 'title'
  | 'initial'
  | 'suffix'
  | 'given'
  | 'family'
  | 'doubtful-given'
  | 'doubtful-family'
  | 'unknown'
  | 'other';

export interface NameWord {
  readonly start: number;
  readonly end: number;
  readonly folded: string;
  readonly class: WordClass;
  /** Also a usual family name: of `Dennis` and `Ryan` their place decides. */
  readonly isFamily: boolean;
}

export function classifyWord(written: string, start: number): NameWord {
  const bare = written.replace(/(?:['’]s?|\.)$/iu, '');
  const keepsDot = /^\p{Lu}\.$/u.test(written) || /^[JS]r\.$/.test(written);
  const folded = foldWord(bare);
  const end = start + (keepsDot ? written.length : bare.length);
  return { start, end, folded, class: classOf(written, bare, folded), isFamily: SURNAMES.has(folded) };
}

function classOf(written: string, bare: string, folded: string): WordClass {
  if (TITLES.has(bare)) return 'title';
  if (SUFFIXES.has(bare)) return 'suffix';
  if (folded.length === 1) return /^\p{Lu}\.?$/u.test(written) ? 'initial' : 'other';
  if (!CASED.test(bare) || /['’](?:m|ve|re|ll|d|t)$/i.test(bare)) return 'other';
  const parts =
    folded === foldWord(bare.replaceAll(/[-'’]/gu, '')) ? bare.split('-').map(foldWord) : [folded];
  const isGiven = GIVEN_NAMES.has(parts[0] ?? '') || GIVEN_NAMES.has(folded);
  const isFamily = SURNAMES.has(folded) || parts.some((part) => SURNAMES.has(part)) || IRISH.test(bare);
  const isDoubtful = parts.every((part) => isCommonWord(part) || isNoName(part));
  if (isGiven) return isDoubtful ? 'doubtful-given' : 'given';
  if (isFamily) return isDoubtful ? 'doubtful-family' : 'family';
  if (isDoubtful || isInflected(folded)) return 'other';
  if (endsLikeSurname(folded)) return 'family';
  // What is all in capitals and no known name is an abbreviation more often than not.
  return bare.length > 2 && bare === bare.toUpperCase() && bare !== bare.toLowerCase() ? 'other' : 'unknown';
}

/** Forms of common words and what only the language's own endings make: `Budgeting`, `Reconciliations`, `Readiness`. */
function isInflected(word: string): boolean {
  const stem = /^(.+?)(?:ings?|ed|es|s|ly|er|ers|ies|al|able|y)$/.exec(word)?.[1];
  if (stem !== undefined && (isCommonWord(stem) || isCommonWord(`${stem}e`) || isCommonWord(`${stem}y`)))
    return true;
  return (
    /(?:tions?|ments?|ness|ities|ity|ships?|ances?|ences?|ings?|ively|ically|fully|able|ible|ware|ology|ologies|ization|izer|ated|ating|ists?|isms?|ives?|ables|ously|ers?hip)$/.test(
      word,
    ) && word.length > 6
  );
}

const TITLES: ReadonlySet<string> = new Set(
  'Mr Mrs Ms Miss Mx Dr Prof Professor Sir Dame Lord Lady Madam Rev Reverend Herr Frau Monsieur Madame Mme Mlle Señor Señora Sr Sra Srta Signor Signora Dhr Mevr Pan Pani'
    .split(' ')
    .filter((title) => title !== 'Pan' && title !== 'Sr'),
);
const SUFFIXES: ReadonlySet<string> = new Set(['Jr', 'Sr', 'II', 'III', 'IV', 'PhD', 'MD', 'Esq']);

/** Capitals at the beginning, after a hyphen or an apostrophe, and after the syllables that names begin with; or all. */
const CASED =
  /^(?:(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|El|Al|Fitz|O['’]|D['’]|L['’])?\p{Lu}[\p{Ll}\p{Lo}\p{M}]*(?:[-'’]\p{L}[\p{Ll}\p{Lo}\p{M}]*)*|[\p{Lu}\p{M}'’-]+)$/u;
const IRISH = /^(?:O['’]|Mc|Mac(?=\p{Lu}))\p{Lu}/u;
