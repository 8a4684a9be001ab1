import type { Span } from '../span.ts';
import type { LabelledSpan } from './dataset.ts';
import { type Counts, noCounts } from './figures.ts';
import type { Labelling } from './labels.ts';

/**
 * Three ways to count, never mixed: `strict` asks for the very same place, `overlap` for one character in common,
 * `character` counts characters. In all of them the kind must be right.
 */
export type Measure = 'strict' | 'overlap' | 'character';

/** Counts by label. */
export type Tally = Map<string, Counts>;

export interface Judged {
  readonly labelled: readonly LabelledSpan[];
  readonly found: readonly Span[];
}

/** Adds one text to the tally of a measure. */
export function count(
  measure: Measure,
  tally: Tally,
  { labelled, found }: Judged,
  labelling: Labelling,
): void {
  const isRight = ({ kind }: Span, { label }: LabelledSpan) =>
    labelling.labelsOf.get(kind)?.includes(label) ?? false;
  const fits = measure === 'strict' ? isSame : overlaps;
  for (const span of labelled) {
    const hits = found.filter((one) => isRight(one, span) && fits(one, span));
    const entry = entryOf(tally, span.label);
    const [size, hit] =
      measure === 'character' ? [lengthOf(span), common(span, hits)] : [1, hits.length > 0 ? 1 : 0];
    entry.labelled += size;
    entry.found += hit;
  }
  for (const one of found) {
    const hits = labelled.filter((span) => isRight(one, span) && fits(one, span));
    const label = hits[0]?.label ?? labelling.labelsOf.get(one.kind)?.[0];
    if (label === undefined) continue;
    const entry = entryOf(tally, label);
    const [size, hit] =
      measure === 'character' ? [lengthOf(one), common(one, hits)] : [1, hits.length > 0 ? 1 : 0];
    entry.said += size;
    entry.right += hit;
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

const lengthOf = ({ start, end }: Place): number => end - start;
const isSame = (a: Place, b: Place): boolean => a.start === b.start && a.end === b.end;
const overlaps = (a: Place, b: Place): boolean => a.start < b.end && b.start < a.end;

/** How many characters of a place others cover. */
function common(place: Place, others: readonly Place[]): number {
  let covered = 0;
  let from = place.start;
  for (const { start, end } of others.toSorted((a, b) => a.start - b.start)) {
    const [low, high] = [Math.max(from, start), Math.min(place.end, end)];
    if (high > low) covered += high - low;
    from = Math.max(from, Math.min(place.end, end));
  }
  return covered;
}

function entryOf(tally: Tally, label: string): Counts {
  const known = tally.get(label);
  if (known !== undefined) return known;
  const entry = noCounts();
  tally.set(label, entry);
  return entry;
}
