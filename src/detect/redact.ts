import type { DataKind } from '../core/kinds.ts';
import { detect } from './detect.ts';
import { replaceSpans } from './replace.ts';

/** Replaces personal data of some kinds for good: `SSN [US_SSN hidden]`. */
export function redact(text: string, kinds: readonly DataKind[], field?: string): string {
  return replaceSpans(text, detect(text, { kinds, field }), ({ kind }) => `[${kind} hidden]`);
}
