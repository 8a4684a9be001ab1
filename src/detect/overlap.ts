import type { Span } from './span.ts';

/**
 * Spans that overlap become one that hides all they hide: a card number inside an e-mail address must not leave the
 * rest of the address behind, nor an address beside another one its beginning. The longer one gives the kind, then
 * the more certain one, then the earlier one.
 */
export function resolveOverlaps(spans: readonly Span[]): readonly Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= span.start) {
      kept.push(span);
    } else {
      const better = isBetter(span, last) ? span : last;
      kept[kept.length - 1] = { ...better, start: last.start, end: Math.max(last.end, span.end) };
    }
  }
  return kept;
}

function isBetter(span: Span, rival: Span): boolean {
  const longer = span.end - span.start - (rival.end - rival.start);
  return longer > 0 || (longer === 0 && span.confidence > rival.confidence);
}
