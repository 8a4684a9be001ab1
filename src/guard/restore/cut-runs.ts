/** A piece of a text that is looked at by itself. */
export interface Run {
  readonly text: string;
  /** What stood before it, which may explain it. */
  readonly before: string;
}

export interface Cutter {
  push(piece: string): readonly Run[];
  flush(): readonly Run[];
}

/** How much of what stood before is kept. */
const BEFORE_MAX = 64;
/** Longest run; what is longer holds no number, and no address that a mail transport takes (RFC 5321). */
const RUN_MAX = 400;

/**
 * Cuts a text that arrives in pieces so that no number and no address lies in two runs, and the same wherever the
 * pieces are cut. A run is words with digits or an at sign, as many as stand together (`4111 1111 1111 1111`), or one
 * plain word and what follows it. So what is held back is the last word, which may still become an address, or the
 * numbers at the end. One thing is never held back: a plain word at the very beginning, so that an answer begins when
 * the model does. If it becomes an address, all but that word is hidden.
 */
export function createCutter(isJson: boolean): Cutter {
  const words = isJson ? JSON_WORD : WORD;
  let held = '';
  let before = '';
  return {
    push: (piece) => cut(piece, false),
    flush: () => cut('', true),
  };

  function cut(piece: string, isWhole: boolean): readonly Run[] {
    const runs: Run[] = [];
    let text = held + piece;
    for (let end = endOfRun(words, text, isWhole); end > 0; end = endOfRun(words, text, isWhole)) {
      runs.push(take(text, end));
      text = text.slice(end);
    }
    held = text;
    if (!isJson && before === '' && /^\p{L}+$/u.test(text)) {
      runs.push(take(text, text.length));
      held = '';
    }
    return runs;
  }

  function take(text: string, end: number): Run {
    const run = { text: text.slice(0, end), before };
    before = (before + run.text).slice(-BEFORE_MAX);
    return run;
  }
}

/** Length of the first run if it has ended, else 0. */
function endOfRun(words: RegExp, text: string, isWhole: boolean): number {
  for (let at = 0; at < text.length; ) {
    const word = wordAfter(words, text, at);
    if (word === undefined) return text.length;
    const isUnfinished = word.end === text.length && !isWhole;
    if (!isUnfinished && !LOADED.test(word.text)) {
      at = word.end;
    } else if (word.start > 0) {
      return word.start;
    } else if (isUnfinished) {
      return text.length < RUN_MAX ? 0 : RUN_MAX;
    } else {
      return endOfNumbers(words, text, word, isWhole);
    }
  }
  return text.length;
}

/** Behind the last word of the numbers that begin with a word; 0 where more of them may come. */
function endOfNumbers(words: RegExp, text: string, first: Word, isWhole: boolean): number {
  for (let word = first; word.end < RUN_MAX && !SIGN_OF_ADDRESS.test(word.text); ) {
    const blanks = BLANKS.exec(text.slice(word.end, word.end + 3))?.[0].length ?? 0;
    const at = word.end + blanks;
    if (at === text.length && !isWhole) return 0;
    if (blanks === 0 || blanks > 2 || !MAY_GO_ON.test(text.charAt(at))) return word.end;
    const next = wordAfter(words, text, at);
    if (next?.start !== at) return word.end;
    if (next.end === text.length && !isWhole) return text.length < RUN_MAX ? 0 : word.end;
    if (!LOADED.test(next.text) && !GROUP.test(next.text)) return word.end;
    if (next.end >= RUN_MAX) return word.end;
    word = next;
    if (SIGN_OF_ADDRESS.test(word.text)) return word.end;
  }
  return Math.min(first.end, RUN_MAX);
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function wordAfter(words: RegExp, text: string, at: number): Word | undefined {
  words.lastIndex = at;
  const match = words.exec(text);
  return match === null
    ? undefined
    : { text: match[0], start: match.index, end: match.index + match[0].length };
}

/** Signs that stand in no number and in no address, and scripts without blanks: all of a text would be one word. */
const APART =
  String.raw`\s"“”„«»<>{}[\],;:|` +
  '`' +
  String.raw`*=。、，\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
const WORD = new RegExp(String.raw`[^${APART}\\]+`, 'gu');
/** In JSON a backslash begins an escape, which may be a letter of the word. */
const JSON_WORD = new RegExp(`[^${APART}]+`, 'gu');
const LOADED = /[@\uff20\p{Nd}]|%40/u;
const SIGN_OF_ADDRESS = /[@\uff20]|%40/;
const BLANKS = /^[\p{Zs}\t]*/u;
const MAY_GO_ON = /[\p{Nd}A-Z(+]/u;
/** Of an IBAN: `GB29 NWBK 6016`. */
const GROUP = /^[A-Z]{1,4}$/;
