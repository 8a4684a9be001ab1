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
}

/** What a detector reads. Offsets in `text` are offsets in the original. */
export interface Reading {
  /** The text in the form of `fold`. */
  readonly text: string;
  /** Name of the field that the text is the value of, as words; empty where there is none. */
  readonly field: string;
}

/** Finds one kind. Findings may come in any order and overlap; `detect` resolves that. */
export type Detector = (reading: Reading) => readonly Finding[];
