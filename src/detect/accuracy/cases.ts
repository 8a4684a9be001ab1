import { DATA_KINDS } from '../../core/kinds.ts';
import { findSpans } from '../detect.ts';
import { resolveOverlaps } from '../overlap.ts';
import type { Span } from '../span.ts';
import type { Case } from './dataset.ts';
import { type Interval, wilson } from './figures.ts';
import { kindsOf, LABELLED_FORMS } from './labels.ts';

/** How many cases of a label came out as expected. */
export interface CaseFigures {
  readonly cases: number;
  readonly right: number;
  readonly share: number;
  readonly interval: Interval | null;
}

export interface CaseAccuracy {
  /** Cases whose label a kind or a form of ours stands for. */
  readonly claimed: CaseFigures;
  readonly labels: Readonly<Record<string, CaseFigures>>;
  /** Labels that we do not claim, and how many cases have them. */
  readonly unknown_labels: Readonly<Record<string, number>>;
}

/**
 * Runs cases that ask one detector alone, with nothing around a value that tells what it is. So every threshold is
 * zero here: the cases test forms and check digits, not what a text would be masked for.
 */
export function measureCases(cases: readonly Case[]): CaseAccuracy {
  const right = new Map<string, boolean[]>();
  const unknown: Record<string, number> = {};
  for (const one of cases) {
    const label = labelOf(one);
    const isAsked = selectorOf(one);
    if (isAsked === undefined) unknown[label] = (unknown[label] ?? 0) + 1;
    else {
      const spans = findSpans(one.text, { kinds: DATA_KINDS, thresholds: NO_THRESHOLDS }).filter(isAsked);
      right.set(label, [...(right.get(label) ?? []), resolveOverlaps(spans).length === one.expected]);
    }
  }
  const sorted = [...right].sort(([a], [b]) => a.localeCompare(b));
  return {
    claimed: toFigures([...right.values()].flat()),
    labels: Object.fromEntries(sorted.map(([label, outcomes]) => [label, toFigures(outcomes)])),
    unknown_labels: unknown,
  };
}

const NO_THRESHOLDS = Object.fromEntries(DATA_KINDS.map((kind) => [kind, 0]));

function toFigures(outcomes: readonly boolean[]): CaseFigures {
  const right = outcomes.filter(Boolean).length;
  const share = outcomes.length === 0 ? 0 : Math.round((right / outcomes.length) * 10_000) / 10_000;
  return { cases: outcomes.length, right, share, interval: wilson(right, outcomes.length) };
}

/** A case that names no label is of the one that its source is called after. */
const labelOf = ({ source, entities }: Case): string =>
  entities.length > 0 ? entities.join(' or ') : source.replace(/_recognizer$/, '').toUpperCase();

/** Picks what a case asks for: a form, where one has the label's name, else all of the kinds that stand for it. */
function selectorOf({ source, entities }: Case): ((span: Span) => boolean) | undefined {
  const labels = entities.length > 0 ? entities : [labelOf({ source, entities, text: '', expected: 0 })];
  const forms = labels.filter((label) => LABELLED_FORMS.has(label));
  if (forms.length > 0) return ({ form }) => form !== undefined && forms.includes(form);
  const kinds = labels.flatMap(kindsOf);
  return kinds.length === 0 ? undefined : ({ kind }) => kinds.includes(kind);
}
