/**
 * A set of digests of 64 bits with a number for each: the beginnings of all entries, word by word. It is a trie that
 * needs no nodes, in typed arrays of 12 bytes a place, and it holds nobody's name. Open addressing, at most 60 % full.
 */
export interface PrefixTable {
  /** The number of a digest; 0 where it is not in the table. */
  get(low: number, high: number): number;
  set(low: number, high: number, value: number): void;
  readonly bytes: number;
  /** How often the table was asked: what matching costs, counted and not timed. */
  readonly lookups: number;
}

export function createPrefixTable(): PrefixTable {
  let room = 1 << 10;
  let lows = new Uint32Array(room);
  let highs = new Uint32Array(room);
  let values = new Int32Array(room);
  let used = 0;
  let lookups = 0;

  return {
    get(low, high) {
      lookups += 1;
      return values[placeOf(low, high)] ?? 0;
    },
    set(low, high, value) {
      if (used > room * 0.6) grow();
      const place = placeOf(low, high);
      if (values[place] === 0) used += 1;
      lows[place] = low;
      highs[place] = high;
      values[place] = value;
    },
    get bytes() {
      return room * 12;
    },
    get lookups() {
      return lookups;
    },
  };

  /** Where a digest stands, or where it would. */
  function placeOf(low: number, high: number): number {
    const mask = room - 1;
    const wantedLow = low >>> 0;
    const wantedHigh = high >>> 0;
    let place = (low ^ (high >>> 15)) & mask;
    while (values[place] !== 0 && (lows[place] !== wantedLow || highs[place] !== wantedHigh)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  function grow(): void {
    const [oldLows, oldHighs, oldValues] = [lows, highs, values];
    room *= 2;
    lows = new Uint32Array(room);
    highs = new Uint32Array(room);
    values = new Int32Array(room);
    for (const [index, value] of oldValues.entries()) {
      if (value === 0) continue;
      const [low, high] = [oldLows[index] ?? 0, oldHighs[index] ?? 0];
      const place = placeOf(low, high);
      lows[place] = low;
      highs[place] = high;
      values[place] = value;
    }
  }
}
