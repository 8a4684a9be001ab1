import type { DataKind } from '../core/kinds.ts';

/** A piece of a text that holds personal data: UTF-16 offsets, `end` exclusive. */
export interface Span extends Finding {
  readonly kind: DataKind;
}

export interface Finding {
  readonly start: number;
  readonly end: number;
  /** 0 to 1: 1 for a checksum or an exact grammar, less where only form or context speaks for it. */
  readonly confidence: number;
  /** The form of the kind where it has several, such as `UK_NINO` of NATIONAL_ID. */
  readonly form?: string;
}

/** What a detector reads. Offsets in `text` are offsets in the original. */
export interface Reading {
  /** The text in the form of `fold`. */
  readonly text: string;
  /** Name of the field that the text is the value of, as words; empty where there is none. */
  readonly field: string;
  /** Whether somebody asks for what is not even likely. */
  readonly weak?: boolean;
}

/** Finds some kinds. Spans may come in any order and overlap; `detect` resolves that. */
export interface Detector {
  readonly kinds: readonly DataKind[];
  /** A sign that every text has in which something can be found; others are not read. */
  readonly needs: RegExp;
  readonly find: (reading: Reading) => Iterable<Span>;
}

/** A detector of one kind. */
export function detectorOf(
  kind: DataKind,
  needs: RegExp,
  find: (reading: Reading) => readonly Finding[],
): Detector {
  return { kinds: [kind], needs, find: (reading) => find(reading).map((finding) => ({ ...finding, kind })) };
}
