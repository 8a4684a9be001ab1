import type { CaseAccuracy } from '../detect/accuracy/cases.ts';
import type { Figures, Interval } from '../detect/accuracy/figures.ts';
import type { Accuracy, Results } from '../detect/accuracy/measure.ts';
import { renderTable } from './table.ts';

const TITLES = {
  overlap: 'Spans found, if only in part',
  strict: 'Spans found exactly',
  character: 'Characters',
} as const;

/** The figures of a data set, as people read them. */
export function renderAccuracy(accuracy: Accuracy): string {
  const tables = (['overlap', 'strict', 'character'] as const).map(
    (measure) => `${TITLES[measure]}\n\n${renderResults(accuracy.measures[measure])}`,
  );
  return [`${accuracy.texts} texts, ${accuracy.spans} spans`, ...tables, renderNotes(accuracy)].join('\n\n');
}

function renderResults(results: Results): string {
  const rows = [
    ...Object.entries(results.labels),
    ['structured', results.structured],
    ['structured, cards with a valid check digit', results.structured_valid_cards],
    ['the rest', results.rest],
    ['all that we claim', results.claimed],
    ['all', results.all],
    ['all, of whichever kind', results.any_kind],
  ] as const satisfies readonly (readonly [string, Figures])[];
  return renderTable(rows, [
    { title: 'LABEL', value: ([label]) => label },
    { title: 'LABELLED', value: ([, { labelled }]) => labelled },
    { title: 'FOUND', value: ([, { found }]) => found },
    { title: 'SAID', value: ([, { said }]) => said },
    { title: 'RECALL', value: ([, { recall, recall_interval }]) => renderShare(recall, recall_interval) },
    {
      title: 'PRECISION',
      value: ([, { precision, precision_interval }]) => renderShare(precision, precision_interval),
    },
    { title: 'F1', value: ([, { f1 }]) => renderFigure(f1) },
    { title: 'F2', value: ([, { f2 }]) => renderFigure(f2) },
  ]);
}

/** What the figures do not tell. */
function renderNotes({ unknown_labels, not_labelled, invalid_cards }: Accuracy): string {
  const list = (counts: Readonly<Partial<Record<string, number>>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} (${count})`)
      .join(', ') || 'none';
  return [
    `Labels that no kind of ours stands for, all of them missed: ${list(unknown_labels)}`,
    `Found of kinds that the set does not label, in no figure: ${list(not_labelled)}`,
    `Cards with a wrong check digit: ${invalid_cards}`,
  ].join('\n');
}

/** Cases of single values. */
export function renderCases({ claimed, labels, unknown_labels }: CaseAccuracy): string {
  const unknown = Object.entries(unknown_labels).map(([label, count]) => `${label} (${count})`);
  const table = renderTable(
    [...Object.entries(labels), ['all that we claim', claimed] as const],
    [
      { title: 'LABEL', value: ([label]) => label },
      { title: 'CASES', value: ([, { cases }]) => cases },
      { title: 'RIGHT', value: ([, { right }]) => right },
      { title: 'SHARE', value: ([, { share, interval }]) => renderShare(share, interval) },
    ],
  );
  return `${table}\n\nLabels that no kind of ours stands for: ${unknown.join(', ') || 'none'}`;
}

const renderFigure = (figure: number | null): string => (figure === null ? '' : figure.toFixed(3));

const renderShare = (share: number | null, interval: Interval | null): string =>
  share === null || interval === null
    ? ''
    : `${share.toFixed(3)} (${interval[0].toFixed(3)}–${interval[1].toFixed(3)})`;
