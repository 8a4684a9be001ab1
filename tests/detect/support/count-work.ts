/** What the regular expressions of one call did. */
export interface Work {
  /** Calls, and the characters that they were given or got past. */
  readonly steps: number;
  /** Patterns that were run over a text as a whole, and not over a slice of it. */
  readonly whole: ReadonlySet<string>;
}

/** Slices that detectors take are shorter, whatever the text. */
const LONGEST_SLICE = 9000;

/**
 * Counts the work of native regular expressions. All of them, those of `matchAll`, `replace` and `test` too, go through
 * `RegExp.prototype.exec`. A call on a slice counts all of it; one on the whole text counts the way from where it was
 * begun to the end of what it found. What it does at one place is bounded if nothing in its pattern repeats without
 * a limit, which `findUnbounded` tells.
 */
export function countWork(run: () => void): Work {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its pattern below.
  const exec = RegExp.prototype.exec;
  const whole = new Set<string>();
  let steps = 0;
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = exec.call(this, text);
    steps += 1;
    if (text.length > LONGEST_SLICE) {
      whole.add(this.source);
      steps += (match === null ? text.length : match.index + match[0].length) - from;
    } else steps += text.length;
    return match;
  };
  try {
    run();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return { steps, whole };
}

/** The parts of a pattern that repeat without a limit. */
export function findUnbounded(source: string): readonly string[] {
  const plain = source
    .replaceAll(/\\[pP]\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\./gi, 'c')
    .replaceAll(/\[[^\]]*\]/g, 'c')
    .replaceAll(/\(\?(?:[:=!]|<[=!])/g, '(');
  return [...plain.matchAll(/.[*+]|.\{\d+,\}/g)].map(([part]) => part);
}
