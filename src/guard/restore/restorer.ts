import type { DataKind } from '../../core/kinds.ts';
import { isLookalike, type MaskedValue } from '../placeholders.ts';
import { type Codes, createCodes } from './codes.ts';
import { type ContainOptions, createContainment, type OutputPolicy } from './contain.ts';
import { createTeller, type Egress } from './egress.ts';
import { createJsonPlace } from './json-place.ts';
import { createScanner } from './scan.ts';

/** Puts values back into one text that arrives in pieces. */
export interface Restorer {
  /** Takes the next piece and gives what is certain by now. Throws MeshError where the policy refuses the answer. */
  push(piece: string): string;
  /** Gives what was held back: the text has ended. */
  flush(): string;
}

/** What it takes to restore an answer, and where is counted what happened to it. */
export interface Restoration {
  readonly values: ReadonlyMap<string, MaskedValue>;
  readonly codes: Codes;
  /** Whether the request itself held a text, in whatever letters. */
  readonly holds: (text: string) => boolean;
  readonly output: OutputPolicy;
  /** Whether a tool may be told values of a kind. */
  readonly mayTell: (tool: string, kind: DataKind) => boolean;
  /** Restored placeholders. */
  readonly counts: Map<DataKind, number>;
  /** Personal data that only the model had produced, and that was hidden. */
  readonly contained: Map<DataKind, number>;
}

export interface RestorationOptions {
  /** The request as it came, in JSON. */
  readonly request?: unknown;
  readonly output?: OutputPolicy;
  readonly egress?: Egress | undefined;
}

export function createRestoration(
  values: ReadonlyMap<string, MaskedValue>,
  { request = '', output = 'allow', egress }: RestorationOptions = {},
): Restoration {
  let written: string | undefined;
  return {
    values,
    codes: createCodes(values),
    holds(text) {
      // Few answers ask, so it is made when the first does.
      written ??= simplify(JSON.stringify(request));
      return written.includes(simplify(JSON.stringify(text).slice(1, -1)));
    },
    output,
    mayTell: createTeller(egress),
    counts: new Map(),
    contained: new Map(),
  };
}

/** How a text is written: `json` for the arguments of a tool, which are JSON; any other text may be JSON as well. */
export type Encoding = 'text' | 'json';

/** Restores a text that is there as a whole. */
export function restoreText(
  restoration: Restoration,
  encoding: Encoding,
  text: string,
  tool?: string,
): string {
  const restorer = createRestorer(restoration, encoding, tool);
  return restorer.push(text) + restorer.flush();
}

/**
 * Replaces the placeholders of this request and no others, wherever the pieces are cut, and hides before that what
 * only the model has produced. `tool` is the name of the tool whose arguments the text is. Only for what a model has
 * written: ids, names, signatures and other words of the protocol must pass as they are.
 */
export function createRestorer(restoration: Restoration, encoding: Encoding, tool?: string): Restorer {
  const { values, codes, holds, counts, mayTell } = restoration;
  const isJson = encoding === 'json';
  const place = createJsonPlace(isJson);
  const scanner = createScanner({
    codes,
    isJson,
    isKnown: (placeholder) => values.has(placeholder),
    isOwn: (copy) => !holds(copy),
    onText(text) {
      place.read(text);
      return text;
    },
    onPlaceholder(placeholder, written) {
      const masked = values.get(placeholder);
      if (masked === undefined || !isToldTo(tool, masked)) {
        place.read(written);
        return written;
      }
      counts.set(masked.kind, (counts.get(masked.kind) ?? 0) + 1);
      return place.write(masked.value);
    },
  });
  const containment = createContainment(createOptions());
  return {
    push: (piece) => containment.push(piece),
    flush: () => containment.flush(),
  };

  function isToldTo(name: string | undefined, { kind, value }: MaskedValue): boolean {
    return name === undefined || mayTell(name, kind) || isLookalike(value);
  }

  function createOptions(): ContainOptions {
    return {
      policy: restoration.output,
      isJson,
      isGiven: holds,
      onText: (text) => scanner.push(text),
      onHidden(kind) {
        restoration.contained.set(kind, (restoration.contained.get(kind) ?? 0) + 1);
        return scanner.flush() + place.replace(`[${kind} hidden]`);
      },
      onEnd: () => scanner.flush(),
    };
  }
}

function simplify(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
