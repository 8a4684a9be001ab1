import type { CallLimits } from '../core/budget.ts';
import { MeshError } from '../core/errors.ts';

/** Lets calls pass as fast and as many at once as the profile says. */
export interface Gate {
  /** Gives what to call when the call has ended. Throws MeshError `rate_limited` with the seconds to wait. */
  enter(): () => void;
}

const MINUTE_MS = 60_000;
/** Nobody knows when one of the calls that are open ends. */
const BUSY_SECONDS = 1;

export function createGate(
  { requests_per_minute: rate, concurrent }: Pick<CallLimits, 'requests_per_minute' | 'concurrent'>,
  now: () => number = () => performance.now(),
): Gate {
  // When the last calls came in, as many as a minute may have: the next one replaces the oldest.
  const came = new Float64Array(rate ?? 0).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  let open = 0;

  return {
    enter() {
      if (open >= concurrent) throw tooMany(`${concurrent} calls at the same time`, BUSY_SECONDS);
      if (rate !== undefined) takePlace(rate);
      open += 1;
      let left = false;
      return () => {
        if (!left) open -= 1;
        left = true;
      };
    },
  };

  function takePlace(rate: number): void {
    const waitMs = (came[oldest] ?? 0) + MINUTE_MS - now();
    if (waitMs > 0) throw tooMany(`${rate} calls a minute`, Math.ceil(waitMs / 1000));
    came[oldest] = now();
    oldest = (oldest + 1) % rate;
  }
}

function tooMany(limit: string, retry_after: number): MeshError {
  return new MeshError('rate_limited', `The guard lets ${limit} pass.`, { details: { retry_after } });
}
