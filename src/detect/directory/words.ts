import { foldCode, IGNORED, isSign, NO_WORD, secondCode } from '../fold-code.ts';

/**
 * The words of a text: runs of letters and digits, without case and accents. A sign of a script that does not part
 * its words is a word of its own. Each is known by a digest of 64 bits, never as text.
 */
export interface Words {
  readonly count: number;
  /** UTF-16 offsets, `ends` exclusive. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly traits: Uint8Array;
}

/** Bits of `traits`. */
export const CAPITAL = 1;
export const SINGLE = 2;
export const DIGITS = 4;

export const LOW_SEED = 0x811c9dc5;
export const HIGH_SEED = 0x9e3779b9;

/** FNV-1a, and a second digest with other constants: by chance two words agree in both once in 10^19. */
export const mixLow = (digest: number, code: number): number => Math.imul(digest ^ code, 0x01000193);
export const mixHigh = (digest: number, code: number): number => {
  const mixed = Math.imul(digest ^ code, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
};

export function readWords(text: string): Words {
  return createWordReader((text.length >> 2) + 16)(text);
}

/** A reader that uses its arrays again: what it gave last holds until the next text. */
export function createWordReader(firstRoom = 64): (text: string) => Words {
  let room = firstRoom;
  let starts = new Uint32Array(room);
  let ends = new Uint32Array(room);
  let low = new Uint32Array(room);
  let high = new Uint32Array(room);
  let traits = new Uint8Array(room);

  return (text) => {
    let count = 0;
    for (let index = 0; index < text.length; ) {
      if (foldCode(text.charCodeAt(index)) <= IGNORED) {
        index += 1;
        continue;
      }
      if (count === room) grow();
      index = readWord(text, index, count);
      count += 1;
    }
    return { count, starts, ends, low, high, traits };
  };

  function readWord(text: string, start: number, count: number): number {
    const first = text.charCodeAt(start);
    const alone = isSign(first);
    let a = LOW_SEED;
    let b = HIGH_SEED;
    let length = 0;
    let digits = 0;
    let end = start;
    for (let index = start; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      const folded = foldCode(code);
      if (folded === NO_WORD || (length > 0 && (alone || isSign(code)) && folded !== IGNORED)) break;
      end = index + 1;
      // An accent belongs to its letter; what has no width may stand anywhere in a word.
      if (folded === IGNORED) continue;
      a = mixLow(a, folded);
      b = mixHigh(b, folded);
      length += 1;
      if (folded >= 48 && folded <= 57) digits += 1;
      const second = code < 128 ? 0 : secondCode(code);
      if (second === 0) continue;
      a = mixLow(a, second);
      b = mixHigh(b, second);
    }
    starts[count] = start;
    ends[count] = end;
    low[count] = a;
    high[count] = b;
    traits[count] =
      (isCapital(first) ? CAPITAL : 0) | (length === 1 ? SINGLE : 0) | (digits === length ? DIGITS : 0);
    return end;
  }

  function grow(): void {
    room *= 2;
    [starts, ends, low, high] = [widen(starts), widen(ends), widen(low), widen(high)];
    const wider = new Uint8Array(room);
    wider.set(traits);
    traits = wider;
  }

  function widen(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
    const wider = new Uint32Array(room);
    wider.set(array);
    return wider;
  }
}

/** A script without capitals is always as it should be. */
function isCapital(code: number): boolean {
  if (code < 128) return code < 97;
  const sign = String.fromCharCode(code);
  return sign === sign.toUpperCase();
}
