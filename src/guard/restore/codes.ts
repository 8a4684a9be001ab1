import type { MaskedValue } from '../placeholders.ts';

/** The placeholders of one request by the parts by which a model's copy of one is known. */
export interface Codes {
  /** The placeholder with a code. Codes are unique in a request, so there is no second one. */
  placeholderOf(code: string): string | undefined;
  /** Whether a code begins so, or is that. */
  begins(beginning: string): boolean;
  /** Whether a longer code begins with this one, as one of two that clashed does. */
  goesOn(code: string): boolean;
  /** The kinds of the placeholders in small letters, each with its underscore: `us_ssn_`. */
  readonly labels: readonly string[];
  /** Length of the longest placeholder. */
  readonly longest: number;
  /** Where a copy may begin. */
  readonly marks: RegExp;
}

export function createCodes(values: ReadonlyMap<string, MaskedValue>): Codes {
  const byCode = new Map<string, string>();
  const labels = new Set<string>();
  let longest = 0;
  for (const [placeholder, { kind }] of values) {
    byCode.set(placeholder.slice(kind.length + 2, -1), placeholder);
    labels.add(`${kind.toLowerCase()}_`);
    longest = Math.max(longest, placeholder.length);
  }
  const codes = [...byCode.keys()];
  return {
    placeholderOf: (code) => byCode.get(code),
    begins: (beginning) => codes.some((code) => code.startsWith(beginning)),
    goesOn: (code) => codes.some((longer) => longer.startsWith(code) && longer !== code),
    labels: [...labels],
    longest,
    marks: createMarks(labels),
  };
}

/** A bracket, a backslash, or the first letter of a kind. In JSON the `n` of `\n` is no letter of a word. */
function createMarks(labels: ReadonlySet<string>): RegExp {
  if (labels.size === 0) return /(?!)/g;
  const letters = [...new Set([...labels].map((label) => label.charAt(0)))].sort().join('');
  const known = MARKS.get(letters);
  if (known !== undefined) return known;
  const marks = new RegExp(
    String.raw`[\[［【〔〖\\]|(?:(?<![\p{L}\p{N}])|(?<=\\(?:[nrtbf]|u[\da-f]{4})))[${letters}]`,
    'giu',
  );
  MARKS.set(letters, marks);
  return marks;
}

/** It takes longer to compile one than to use it on an answer, and there are few. */
const MARKS = new Map<string, RegExp>();
