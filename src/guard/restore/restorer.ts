import type { DataKind } from '../../core/kinds.ts';
import type { MaskedValue } from '../placeholders.ts';

/** Puts values back into one text that arrives in pieces. */
export interface Restorer {
  /** Takes the next piece and gives what is certain by now. */
  push(piece: string): string;
  /** Gives what was held back: the text has ended. */
  flush(): string;
}

/** What it takes to restore an answer, and where restored placeholders are counted. */
export interface Restoration {
  readonly values: ReadonlyMap<string, MaskedValue>;
  /** Length of the longest placeholder: no more than that is ever held back. */
  readonly longest: number;
  readonly counts: Map<DataKind, number>;
}

export function createRestoration(values: ReadonlyMap<string, MaskedValue>): Restoration {
  let longest = 0;
  for (const placeholder of values.keys()) longest = Math.max(longest, placeholder.length);
  return { values, longest, counts: new Map() };
}

/** How a value is written where it is put back: `json` inside a string literal of JSON text. */
export type Encoding = 'text' | 'json';

/** Restores a text that is there as a whole. */
export function restoreText(restoration: Restoration, encoding: Encoding, text: string): string {
  const restorer = createRestorer(restoration, encoding);
  return restorer.push(text) + restorer.flush();
}

/**
 * Replaces the placeholders of this request and no others, wherever the pieces are cut. It holds back only what may
 * still become one of them.
 */
export function createRestorer({ values, longest, counts }: Restoration, encoding: Encoding): Restorer {
  let held = '';

  return {
    push(piece) {
      const { restored, rest } = restoreKnown(held + piece);
      held = rest;
      return restored;
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };

  function restoreKnown(text: string): { restored: string; rest: string } {
    const pieces: string[] = [];
    let from = 0;
    for (let open = text.indexOf('['); open !== -1; open = text.indexOf('[', open + 1)) {
      const ahead = text.slice(open, open + longest);
      const placeholder = ahead.slice(0, ahead.indexOf(']') + 1);
      const masked = values.get(placeholder);
      if (masked !== undefined) {
        pieces.push(text.slice(from, open), encode(masked.value));
        from = open + placeholder.length;
        counts.set(masked.kind, (counts.get(masked.kind) ?? 0) + 1);
      } else if (mayBecomePlaceholder(ahead)) {
        return { restored: pieces.join('') + text.slice(from, open), rest: text.slice(open) };
      }
    }
    return { restored: pieces.join('') + text.slice(from), rest: '' };
  }

  function mayBecomePlaceholder(beginning: string): boolean {
    if (beginning.length >= longest) return false;
    for (const placeholder of values.keys()) if (placeholder.startsWith(beginning)) return true;
    return false;
  }

  function encode(value: string): string {
    return encoding === 'json' ? JSON.stringify(value).slice(1, -1) : value;
  }
}
