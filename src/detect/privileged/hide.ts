import type { DataKind } from '../../core/kinds.ts';
import { detect } from '../detect.ts';
import { replaceSpans } from '../replace.ts';
import type { Facts } from './facts.ts';
import { findFacts } from './find.ts';

/** Stands where a fact was. */
export const PRIVILEGED = '[privileged]';

/**
 * Replaces the facts of a privileged source, and beside them personal data of some kinds, for good. Where the two
 * overlap both go, so that no part of an address is left behind a name.
 */
export function hideFacts(text: string, facts: Facts, kinds: readonly DataKind[], field?: string): string {
  const places = findFacts(text, facts).map((place) => ({ ...place, mark: PRIVILEGED }));
  const spans = detect(text, { kinds, field }).map(({ start, end, kind }) => {
    return { start, end, mark: `[${kind} hidden]` };
  });
  return replaceSpans(text, join([...places, ...spans]), ({ mark }) => mark);
}

interface Marked {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

function join(marked: readonly Marked[]): readonly Marked[] {
  const joined: Marked[] = [];
  for (const next of marked.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || last.end <= next.start) joined.push(next);
    else
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, next.end), mark: PRIVILEGED };
  }
  return joined;
}
