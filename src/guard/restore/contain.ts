import { MeshError } from '../../core/errors.ts';
import type { DataKind } from '../../core/kinds.ts';
import { detect } from '../../detect/detect.ts';
import type { Span } from '../../detect/span.ts';
import { createCutter } from './cut-runs.ts';

/** What happens to personal data that only the model has produced. */
export type OutputPolicy = 'mask' | 'allow' | 'refuse';

export interface ContainOptions {
  readonly policy: OutputPolicy;
  readonly isJson: boolean;
  /** Whether the request held a value, so that it is not the model's. */
  readonly isGiven: (value: string) => boolean;
  /** Each gives what goes to the agent instead. */
  readonly onText: (text: string) => string;
  readonly onHidden: (kind: DataKind) => string;
  readonly onEnd: () => string;
}

/**
 * The kinds that are a person's or open a person's account. Addresses of machines, dates, places, names and secrets
 * are not among them: most answers are about such things, and a model that knows them knows them from the world.
 */
const CONTAINED: readonly DataKind[] = [
  'EMAIL',
  'US_SSN',
  'PHONE',
  'CARD',
  'IBAN',
  'US_ITIN',
  'NATIONAL_ID',
  'TAX_ID',
  'HEALTH_ID',
  'PASSPORT',
  'DRIVER_LICENSE',
  'BANK_ROUTING',
];
/** Form alone makes a phone number of too much that a model writes. */
const CONFIDENCE = 0.8;
const THRESHOLDS = Object.fromEntries(CONTAINED.map((kind) => [kind, CONFIDENCE]));

/** Names that nobody can have (RFC 2606): models write them into examples. */
const EXAMPLE = /[@.](?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/i;

/**
 * Hides what only the model has produced, before anything is restored. Only runs of words that could hold such data
 * are held back, until they have ended; see `createCutter`.
 */
export function createContainment(options: ContainOptions): {
  push(piece: string): string;
  flush(): string;
} {
  const { policy, isJson, isGiven, onText, onHidden, onEnd } = options;
  if (policy === 'allow') return { push: onText, flush: onEnd };
  const cutter = createCutter(isJson);
  let isRefused = false;
  return {
    push: (piece) => (isRefused ? '' : cutter.push(piece).map(pass).join('')),
    flush: () => (isRefused ? '' : cutter.flush().map(pass).join('') + onEnd()),
  };

  function pass({ text, before }: { readonly text: string; readonly before: string }): string {
    if (!MAY_HOLD_DATA.test(text)) return onText(text);
    const pieces: string[] = [];
    let from = 0;
    for (const { start, end, kind } of find(before, text)) {
      if (policy === 'refuse') {
        isRefused = true;
        throw refusal(kind);
      }
      pieces.push(onText(text.slice(from, start)), onHidden(kind));
      from = end;
    }
    pieces.push(onText(text.slice(from)));
    return pieces.join('');
  }

  function find(before: string, text: string): readonly Span[] {
    const both = before + text;
    return detect(both, { kinds: CONTAINED, thresholds: THRESHOLDS })
      .filter(({ end }) => end > before.length)
      .map((span) => ({ ...span, start: beginOf(both, span.start) }))
      .filter(({ start, end }) => !isAllowed(both.slice(start, end)))
      .map((span) => ({
        ...span,
        start: Math.max(0, span.start - before.length),
        end: span.end - before.length,
      }));
  }

  function isAllowed(value: string): boolean {
    return EXAMPLE.test(value) || isGiven(value);
  }

  /** What is hidden in JSON takes an escape with it that it begins in: `\u00e9va@…`. */
  function beginOf(text: string, start: number): number {
    if (!isJson || text.charAt(start - 1) !== '\\') return start;
    return text.slice(0, start).search(/\\+$/);
  }
}

/** Every kind that is contained has an at sign, or five digits at least. */
const MAY_HOLD_DATA = /@|%40|\uff20|(?:\p{Nd}\P{Nd}*){5}/u;

function refusal(kind: DataKind): MeshError {
  return new MeshError(
    'unprocessable',
    `The model's answer held personal data (${kind}) that was not in the request, and the profile refuses such answers.`,
  );
}
