/** A text with each span replaced. Spans are sorted and apart, as `detect` gives them. */
export function replaceSpans<Span extends { readonly start: number; readonly end: number }>(
  text: string,
  spans: readonly Span[],
  replace: (span: Span, value: string) => string,
): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let from = 0;
  for (const span of spans) {
    pieces.push(text.slice(from, span.start), replace(span, text.slice(span.start, span.end)));
    from = span.end;
  }
  return pieces.join('') + text.slice(from);
}
