import type { Span } from './span.ts';

/**
 * Of two spans that overlap, the longer one stays, then the more certain one, then the earlier one. The longest
 * hides most: a card number inside an e-mail address must not leave the rest of the address behind.
 */
export function resolveOverlaps(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= span.start) {
      kept.push(span);
    } else if (isBetter(span, last)) {
      // It starts no earlier than the one that it replaces, so it cannot reach the one before that.
      kept[kept.length - 1] = span;
    }
  }
  return kept;
}

function isBetter(span: Span, rival: Span): boolean {
  const longer = span.end - span.start - (rival.end - rival.start);
  return longer > 0 || (longer === 0 && span.confidence > rival.confidence);
}
