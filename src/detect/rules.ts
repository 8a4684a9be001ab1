import { RE2JS } from 're2js';
import type { GuardRule } from '../core/knowledge.ts';
import { type ContextWords, contextWords, hasContext } from './context.ts';
import type { Reading, Span } from './span.ts';

/** A rule that is ready to be used. */
export type FindByRule = (reading: Reading) => readonly Span[];

export function compileRule({ kind, pattern, context, confidence }: GuardRule): FindByRule {
  const compiled = RE2JS.compile(pattern);
  const words = context.length === 0 ? undefined : readWords(context);
  return (reading) => {
    const found: Span[] = [];
    const matcher = compiled.matcher(reading.text);
    while (matcher.find()) {
      const place = { start: matcher.start(), end: matcher.end() };
      if (place.end === place.start) continue;
      if (words === undefined || hasContext(reading, place, words))
        found.push({ ...place, kind, confidence });
    }
    return found;
  };
}

/** Context words are words, not patterns. */
function readWords(context: readonly string[]): ContextWords {
  return contextWords(
    context.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|'),
  );
}
