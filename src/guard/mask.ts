import { detect } from '../detect/detect.ts';
import { rewriteJson } from '../detect/json.ts';
import { resolveOverlaps } from '../detect/overlap.ts';
import { replaceSpans } from '../detect/replace.ts';
import type { Span } from '../detect/span.ts';
import type { Detection } from './detection.ts';
import { rewriteJsonText } from './json-text.ts';
import { findLookalikes, type Placeholders } from './placeholders.ts';

/** Masks the texts of one request. What a text means, and which may not be touched, is for the shapes to know. */
export interface Masker {
  /** A text, which may be JSON itself; `field` is the name of the field whose value it is. */
  text(text: string, field?: string): string;
  /** Every string, key and number of a JSON value. */
  json(value: unknown, field?: string): unknown;
}

export function createMasker(placeholders: Placeholders, detection: Detection = {}): Masker {
  return {
    text: maskText,
    json: (value, field) => rewriteJson(value, maskText, field),
  };

  /** JSON is masked inside its strings, however deep they nest: masked JSON must stay JSON. */
  function maskText(text: string, field?: string): string {
    return rewriteJsonText(text, maskText) ?? maskPlain(text, field);
  }

  function maskPlain(text: string, field: string | undefined): string {
    const spans = withLookalikes(text, detect(text, { ...detection, field }));
    return replaceSpans(text, spans, ({ kind }, value) => placeholders.of(kind, value));
  }
}

function withLookalikes(text: string, spans: readonly Span[]): readonly Span[] {
  const lookalikes = findLookalikes(text);
  if (lookalikes.length === 0) return spans;
  return resolveOverlaps([...spans, ...lookalikes.map((place) => ({ ...place, confidence: 1 }))]);
}
