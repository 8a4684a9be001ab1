import type { DataKind } from '../../../src/core/kinds.ts';
import { detect } from '../../../src/detect/detect.ts';

/** The values of one kind that are found in a text. */
export function found(kind: DataKind, text: string, field?: string): readonly string[] {
  return detect(text, { kinds: [kind], field }).map(({ start, end }) => text.slice(start, end));
}
