/** A process that lasted this long was well: the next failure is a first one. */
const STEADY_MS = 10_000;

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Failures in a row, after one more of a process that lasted some time. */
export function countFailures(before: number, lastedMs: number): number {
  return lastedMs < STEADY_MS ? before + 1 : 1;
}

/** How long to wait before starting again: not at all, 100 ms, then twice as long each time, up to 5 s. */
export function restartDelayMs(failures: number): number {
  return failures <= 1 ? 0 : Math.min(FIRST_MS * 2 ** (failures - 2), LONGEST_MS);
}
