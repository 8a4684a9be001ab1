import type { ExternalDetector } from '../../core/knowledge.ts';
import type { DirectoryEntry } from '../../detect/directory/directory.ts';

/** How one kind of detector is asked. */
export interface Dialect {
  readonly path: string;
  body(text: string, config: ExternalDetector): unknown;
  /** The values that it found in a text. Throws for an answer of another form. */
  read(answer: unknown, text: string, config: ExternalDetector): readonly DirectoryEntry[];
}
