import { DATA_KINDS, type DataKind } from '../../core/kinds.ts';
import { isLuhn } from '../codes/checksums.ts';
import type { DetectOptions } from '../detect.ts';
import { detect } from '../detect.ts';
import type { Span } from '../span.ts';
import { count, type Judged, type Measure, type Tally } from './count.ts';
import type { LabelledDocument, LabelledSpan } from './dataset.ts';
import { addCounts, type Figures, toFigures } from './figures.ts';
import { type Labelling, matchLabels } from './labels.ts';

/** The figures of one way to count. */
export interface Results {
  /** All labels together, those of kinds that we do not claim included. */
  readonly all: Figures;
  /** All labels that a kind of ours stands for. */
  readonly claimed: Figures;
  readonly structured: Figures;
  readonly rest: Figures;
  /** The structured ones without cards whose check digit is wrong. */
  readonly structured_valid_cards: Figures;
  /** Whether a place was found to be personal at all, of whichever kind. */
  readonly any_kind: Figures;
  readonly labels: Readonly<Record<string, Figures>>;
}

export interface Accuracy {
  readonly texts: number;
  readonly spans: number;
  /** Labels that no kind of ours stands for, and how many spans have them. */
  readonly unknown_labels: Readonly<Partial<Record<string, number>>>;
  /** Values of kinds that the set does not label: they cannot be judged, and are in no figure. */
  readonly not_labelled: Readonly<Partial<Record<DataKind, number>>>;
  readonly invalid_cards: number;
  readonly measures: Readonly<Record<Measure, Results>>;
}

export function measureAccuracy(
  documents: readonly LabelledDocument[],
  options: Pick<DetectOptions, 'judge' | 'thresholds'> = {},
): Accuracy {
  const labelling = matchLabels(new Set(documents.flatMap(({ spans }) => spans.map(({ label }) => label))));
  const judged = documents.map(({ text, spans }) => ({
    text,
    labelled: spans,
    found: detect(text, { ...options, kinds: labelling.kinds }),
  }));
  const others = DATA_KINDS.filter((kind) => !labelling.kinds.includes(kind));
  const beside = documents.flatMap(({ text }) => detect(text, { ...options, kinds: others }));
  const cards = judged.map(({ text, labelled, found }) => withoutInvalidCards(text, labelled, found));
  const all = documents.flatMap(({ spans }) => spans);
  return {
    texts: documents.length,
    spans: all.length,
    unknown_labels: countBy(
      labelling.unknown.flatMap((label) => all.filter((span) => span.label === label)),
      (span) => span.label,
    ),
    not_labelled: countBy(beside, ({ kind }) => kind),
    invalid_cards:
      judged.flatMap(({ labelled }) => labelled).length - cards.flatMap(({ labelled }) => labelled).length,
    measures: {
      strict: toResults('strict', judged, cards, labelling),
      overlap: toResults('overlap', judged, cards, labelling),
      character: toResults('character', judged, cards, labelling),
    },
  };
}

function toResults(
  measure: Measure,
  judged: readonly Judged[],
  withValidCards: readonly Judged[],
  labelling: Labelling,
): Results {
  const tally = tallyOf(measure, judged, labelling);
  const together = (from: Tally, wanted: (label: string) => boolean) =>
    toFigures(addCounts([...from].filter(([label]) => wanted(label)).map(([, counts]) => counts)));
  const isKnown = (label: string) => !labelling.unknown.includes(label);
  const anyKind: Labelling = {
    ...labelling,
    labelsOf: new Map(labelling.kinds.map((kind) => [kind, [ANY]])),
  };
  const unlabelled = judged.map(({ labelled, found }) => ({
    labelled: labelled.map((span) => ({ ...span, label: ANY })),
    found,
  }));
  return {
    all: together(tally, () => true),
    claimed: together(tally, isKnown),
    structured: together(tally, labelling.isStructured),
    rest: together(tally, (label) => !labelling.isStructured(label)),
    structured_valid_cards: together(tallyOf(measure, withValidCards, labelling), labelling.isStructured),
    any_kind: together(tallyOf(measure, unlabelled, anyKind), () => true),
    labels: Object.fromEntries(
      [...tally].sort(([a], [b]) => a.localeCompare(b)).map(([label, counts]) => [label, toFigures(counts)]),
    ),
  };
}

const ANY = 'any';

function tallyOf(measure: Measure, judged: readonly Judged[], labelling: Labelling): Tally {
  const tally: Tally = new Map();
  for (const one of judged) count(measure, tally, one, labelling);
  return tally;
}

/** Made-up cards often have a wrong check digit, which no real card has. What was found there is left out as well. */
function withoutInvalidCards(
  text: string,
  labelled: readonly LabelledSpan[],
  found: readonly Span[],
): Judged {
  const invalid = labelled.filter(
    ({ label, start, end }) =>
      /^(?:CREDIT_)?CARD/.test(label) && !isLuhn(text.slice(start, end).replaceAll(/\D/g, '')),
  );
  return {
    labelled: labelled.filter((span) => !invalid.includes(span)),
    found: found.filter(({ start, end }) => !invalid.some((card) => start < card.end && card.start < end)),
  };
}

function countBy<Item, Key extends string>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Readonly<Partial<Record<Key, number>>> {
  const counts: Partial<Record<Key, number>> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
