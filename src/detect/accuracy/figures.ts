/** What was counted of one kind. */
export interface Counts {
  /** Labelled, and of those found. */
  labelled: number;
  found: number;
  /** Said to be of the kind, and of those rightly so. */
  said: number;
  right: number;
}

export interface Figures extends Readonly<Counts> {
  readonly recall: number | null;
  readonly precision: number | null;
  readonly f1: number | null;
  readonly f2: number | null;
  /** In which the true value lies in 95 of 100 such sets (Wilson's score interval). */
  readonly recall_interval: Interval | null;
  readonly precision_interval: Interval | null;
}

export type Interval = readonly [low: number, high: number];

export const noCounts = (): Counts => ({ labelled: 0, found: 0, said: 0, right: 0 });

export function addCounts(all: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const { labelled, found, said, right } of all) {
    sum.labelled += labelled;
    sum.found += found;
    sum.said += said;
    sum.right += right;
  }
  return sum;
}

export function toFigures(counts: Counts): Figures {
  const recall = share(counts.found, counts.labelled);
  const precision = share(counts.right, counts.said);
  return {
    ...counts,
    recall,
    precision,
    f1: score(recall, precision, 1),
    f2: score(recall, precision, 2),
    recall_interval: wilson(counts.found, counts.labelled),
    precision_interval: wilson(counts.right, counts.said),
  };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : round(part / whole));

/** The harmonic mean in which recall counts `beta` times as much as precision. */
function score(recall: number | null, precision: number | null, beta: number): number | null {
  if (recall === null || precision === null) return null;
  const weight = beta * beta;
  const below = weight * precision + recall;
  return below === 0 ? 0 : round(((1 + weight) * precision * recall) / below);
}

/** 97.5 % of the normal distribution lie below. */
const Z = 1.959964;

export function wilson(part: number, whole: number): Interval | null {
  if (whole === 0) return null;
  const rate = part / whole;
  const middle = rate + (Z * Z) / (2 * whole);
  const half = Z * Math.sqrt((rate * (1 - rate)) / whole + (Z * Z) / (4 * whole * whole));
  const scale = 1 + (Z * Z) / whole;
  return [round(Math.max(0, (middle - half) / scale)), round(Math.min(1, (middle + half) / scale))];
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
