import type { DataKind } from '../core/kinds.ts';
import { isLookalike, type Placeholders } from './placeholders.ts';

/** How many different values of each kind were masked. */
export function countMasked({ values }: Placeholders): Readonly<Record<string, number>> {
  const counts = new Map<DataKind, number>();
  for (const { kind, value } of values.values()) {
    if (!isLookalike(value)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
