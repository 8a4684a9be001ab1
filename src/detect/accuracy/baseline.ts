import { MeshError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { readJson } from './dataset.ts';

export interface Regression {
  /** Where the figure stands, such as `measures.overlap.structured.recall`. */
  readonly figure: string;
  readonly was: number;
  readonly is: number | undefined;
}

/** Figures of which more is better. Counts and intervals follow from them. */
const COMPARED: ReadonlySet<string> = new Set(['recall', 'precision', 'f1', 'f2', 'share']);

/** Figures are rounded to four places; what differs by less than half of the last is the same. */
const TOLERANCE = 0.00005;

/** Reads what an earlier run printed as JSON. */
export async function readBaseline(path: string): Promise<object> {
  const baseline = await readJson(path);
  if (isJsonObject(baseline) && [...listFigures(baseline)].length > 0) return baseline;
  throw new MeshError('usage', `${path} is no baseline.`, { hint: 'goose-mesh guard bench --json > FILE' });
}

/** Figures that are worse than they were, or not there any more. */
export function findRegressions(before: unknown, now: unknown): readonly Regression[] {
  const current = new Map(listFigures(now));
  return [...listFigures(before)].flatMap(([figure, was]) => {
    const is = current.get(figure);
    return is !== undefined && is >= was - TOLERANCE ? [] : [{ figure, was, is }];
  });
}

function* listFigures(value: unknown, path: readonly string[] = []): Generator<readonly [string, number]> {
  if (!isJsonObject(value)) return;
  for (const [key, item] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (typeof item === 'number' && COMPARED.has(key)) yield [[...path, key].join('.'), item];
    else yield* listFigures(item, [...path, key]);
  }
}
