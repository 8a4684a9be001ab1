import { fold } from '../fold.ts';

/** Fewer digits say too little: they would hide every "2" and "10" of a text. */
const FEWEST_DIGITS = 3;

/**
 * The digits of every number and identifier of a text that has three or more, in each way in which they may be
 * repeated: `$45,000.00` gives 4500000 and 45000, `45k` gives 45000, `536-22-8724` gives 536228724, 536 and 8724.
 */
export function listNumbers(text: string): readonly string[] {
  const folded = fold(text);
  const literals = [TOKEN, GROUPED, PHONE].flatMap((pattern) =>
    [...folded.matchAll(pattern)].map(([all]) => all),
  );
  const runs = folded.match(/\d+/g) ?? [];
  const scaled = findScaled(folded).flatMap(({ values }) => values);
  const numbers = [...literals.flatMap(formsOf), ...runs, ...scaled];
  return [...new Set(numbers)].filter((digits) => digits.length >= FEWEST_DIGITS);
}

/** Digits with single signs between them: 45,000.00, 536-22-8724, 22.11.2026. */
const TOKEN = /\d(?:[^\s\p{L}\p{N}]?\d)*/gu;
/** Thousands parted by blanks. `fold` has made all blanks plain. */
const GROUPED = /(?<!\d)\d{1,3}(?: \d{3})+(?!\d)/g;
const PHONE = /\d(?:[\s().\-/]{0,3}\d)+/g;

/** All digits; and those before the cents, which are left out as often as not. */
export function formsOf(literal: string): readonly string[] {
  const whole = /^(.*\d)[.,]\d{1,2}$/s.exec(literal)?.[1];
  return (whole === undefined ? [literal] : [literal, whole]).map((form) => form.replace(/\D/g, ''));
}

export interface ScaledNumber {
  readonly start: number;
  readonly end: number;
  /** What it may stand for, as digits. */
  readonly values: readonly string[];
}

/** Numbers in thousands, millions or billions: `45k`, `0.045 million`, `1,2 Mio`. */
export function findScaled(text: string): readonly ScaledNumber[] {
  return [...fold(text).matchAll(SCALED)].map((match) => {
    const [all, number = '', word = ''] = match;
    const zeros = SCALES[word.toLowerCase()] ?? 0;
    return { start: match.index, end: match.index + all.length, values: scale(number, zeros) };
  });
}

const SCALES: Readonly<Record<string, number>> = {
  ...{ k: 3, thousand: 3, thousands: 3, grand: 3, tsd: 3, tausend: 3 },
  ...{ m: 6, mn: 6, mm: 6, mio: 6, mil: 6, million: 6, millions: 6, millionen: 6 },
  ...{ b: 9, bn: 9, mrd: 9, billion: 9, billions: 9 },
};
const SCALED = new RegExp(
  String.raw`(\d(?:[.,' ]?\d){0,20})[\s-]{0,3}(${Object.keys(SCALES).join('|')})(?![\p{L}\p{N}])`,
  'giu',
);

/** With the last sign as decimal point, and with all signs as thousands separators: `1,500k` may be either. */
function scale(number: string, zeros: number): readonly string[] {
  const [, whole = number, rest = ''] = /^(.*)[.,](\d+)$/s.exec(number) ?? [];
  const asPoint = shift(whole.replace(/\D/g, ''), rest, zeros);
  const asGroups = shift(number.replace(/\D/g, ''), '', zeros);
  return [...new Set([asPoint, asGroups])];
}

function shift(whole: string, decimals: string, zeros: number): string {
  return `${whole}${decimals.padEnd(zeros, '0')}`.replace(/^0+(?=\d)/, '');
}
