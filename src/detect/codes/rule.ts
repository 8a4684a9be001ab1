import type { DataKind } from '../../core/kinds.ts';
import { type ContextWords, contextWords } from '../context.ts';

/** One code, such as a country's tax number. */
export interface CodeRule {
  readonly kind: DataKind;
  readonly form: string;
  readonly shapes: readonly string[];
  /** What its letters and digits must be, without separators and in upper case. */
  readonly pattern: RegExp;
  readonly isValid: (code: string) => boolean;
  /** The signs between its groups, all of them one after another. */
  readonly separators: RegExp;
  /** How certain it is without a word nearby, and with one. */
  readonly alone: number;
  readonly explained: number;
  readonly words: ContextWords;
}

interface RuleParts {
  /** Apart by `|`; a star and a number stand for a solid code of letters and digits of that length. */
  readonly shapes: string;
  readonly pattern?: RegExp;
  readonly isValid?: (code: string) => boolean;
  readonly separators?: RegExp;
  readonly alone: number;
  readonly explained?: number;
  /** Alternatives of a regular expression. */
  readonly words: string;
}

export function codeRule(kind: DataKind, form: string, parts: RuleParts): CodeRule {
  return {
    kind,
    form,
    shapes: parts.shapes.split('|'),
    pattern: parts.pattern ?? /^/,
    isValid: parts.isValid ?? (() => true),
    separators: parts.separators ?? ONE_SIGN,
    alone: parts.alone,
    explained: parts.explained ?? 0.9,
    words: contextWords(parts.words),
  };
}

/** Blanks, hyphens or points, but not some of each. */
const ONE_SIGN = /^(?: *|-*|\.*)$/;
