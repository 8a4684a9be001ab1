import { isCommonWord } from '../person/common-words.ts';

/** One way in which an entry may be written. */
export interface Form {
  readonly text: string;
  /** Found only where each of its words begins with a capital: `Will Price` is a name, `will price` is not. */
  readonly capitals: boolean;
  /** Found only where each of its initials has its full stop: in `Smith, I think` there is nobody. */
  readonly dotted: boolean;
}

/**
 * The usual ways to write a person's name: as it stands, family name first, with initials, and without the names in
 * the middle. `Doe, Jane` is read as family name first. Nicknames are not guessed.
 */
export function listNameForms(name: string): readonly Form[] {
  const { given, family } = splitName(name);
  const [first = ''] = given;
  const capitals = [...given, ...family].every(isCommon);
  if (first === '' || family.length === 0) return spell([...given, ...family].join(' '), capitals, false);

  const last = family.join(' ');
  const initials = given.map((part) => part.charAt(0));
  const written = [
    [...given, last],
    [last, ...given],
    [first, last],
    [last, first],
    [first, ...initials.slice(1), last],
  ].map((words) => words.join(' '));
  const needsDots = family.every(isCommon) || /^[ai]$/i.test(initials[0] ?? '');
  const before = [
    `${initials.join(' ')} ${last}`,
    `${initials[0] ?? ''} ${last}`,
    `${initials.join('')} ${last}`,
  ];
  const behind = [`${last} ${initials.join(' ')}`, `${last} ${initials[0] ?? ''}`];
  return [
    ...unique(written).flatMap((text) => spell(text, capitals, false)),
    ...unique(before).flatMap((text) => spell(text, needsDots, needsDots)),
    ...unique(behind).flatMap((text) => spell(text, needsDots, true)),
  ];
}

interface SplitName {
  readonly given: readonly string[];
  readonly family: readonly string[];
}

function splitName(name: string): SplitName {
  const bare = name.replaceAll(TITLES, ' ').replaceAll(/["()]/g, ' ').trim();
  const [head = '', tail = ''] = bare.split(',', 2).map((part) => part.trim());
  if (tail !== '') return { given: splitWords(tail), family: splitWords(head) };
  const words = splitWords(head);
  const particle = words.findIndex((word, index) => index > 0 && PARTICLES.has(word.toLowerCase()));
  const at = particle > 0 && particle < words.length - 1 ? particle : Math.max(words.length - 1, 1);
  return { given: words.slice(0, at), family: words.slice(at) };
}

const splitWords = (text: string): readonly string[] => text.split(/[\s.]+/).filter((word) => word !== '');

const TITLES =
  /(?<![\p{L}\p{N}])(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|herr|frau|mme|jr|sr|ii|iii|phd|ph\.d|md|mba|esq)\.?(?![\p{L}\p{N}])/giu;

/** Small words that a family name begins with. */
export const PARTICLES: ReadonlySet<string> = new Set(
  'van von der den de del della di da dos das do du la le al el bin ibn ben ter ten zu zur af av st'.split(
    ' ',
  ),
);

/** Very short names are words of some language, too. */
const isCommon = (word: string): boolean => word.length < 4 || isCommonWord(word.toLowerCase());

/** Also as those write it who have no accents on their keyboards: Müller is Muller by folding, and Mueller by this. */
function spell(text: string, capitals: boolean, dotted: boolean): readonly Form[] {
  const spelled = text.replace(/[äöüåø]/giu, (letter) => SPELLED[letter.toLowerCase()] ?? letter);
  return unique([text, spelled]).map((form) => ({ text: form, capitals, dotted }));
}

const SPELLED: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
