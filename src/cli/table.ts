import type { Page } from '../core/page.ts';
import { showControls } from '../core/text.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | null | undefined;
}

/** A plain table: columns two spaces apart, numbers to the right. Texts cannot break its lines. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  if (rows.length === 0) return '(none)';
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const texts = cells.map((line) => line.map(toCell));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...texts.map((line) => line[index]?.length ?? 0)),
  );
  const isNumber = columns.map((_column, index) => cells.every((line) => typeof line[index] === 'number'));
  const align = (line: readonly string[]) =>
    line
      .map((text, index) =>
        isNumber[index] === true ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [columns.map(({ title }) => title), ...texts].map(align).join('\n');
}

const toCell = (value: string | number | null | undefined): string =>
  showControls(String(value ?? '').replaceAll(/\s*\n\s*/g, ' '), { oneLine: true });

/** A page of a list, and how to get the next one. */
export function renderPage<Row>(
  { items, next }: Page<Row>,
  render: (items: readonly Row[]) => string,
): string {
  return next === null ? render(items) : `${render(items)}\n\nThere are more: --cursor ${next}`;
}

/** Names and values of one record, a line each; those without a value are left out. */
export function renderFields(fields: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `${name.padEnd(width)}  ${showControls(text).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`;
    })
    .join('\n');
}
