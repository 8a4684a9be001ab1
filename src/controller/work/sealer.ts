import { SEAL_LIMIT } from '../../core/seal.ts';
import type { Deps } from '../deps.ts';
import { sealEvents } from './seal-events.ts';

/** How long the first event of a batch waits for others. */
const GATHER_MS = 1000;
const RETRY_MS = 2000;

/**
 * Seals new events in batches: a full one at once, a smaller one a moment after its first event. What woke the sealer
 * is the log itself; while nothing happens it does nothing. Runs in every controller, so that the log is sealed as
 * long as one lives.
 */
export function startSealer(deps: Pick<Deps, 'db' | 'tail' | 'log'>): AsyncDisposable {
  let gathered = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const unsubscribe = deps.tail.subscribe((events) => {
    gathered += events.length;
    if (running !== undefined) return;
    if (gathered >= SEAL_LIMIT) start();
    else timer ??= setTimeout(start, GATHER_MS);
  });
  // Events that were written while no controller ran.
  start();
  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      unsubscribe();
      clearTimeout(timer);
      await running;
    },
  };

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    running = seal().then((againMs) => {
      running = undefined;
      if (againMs !== undefined && !closed) timer = setTimeout(start, againMs);
    });
  }

  /** Milliseconds after which to look again; undefined: when the next event comes. */
  async function seal(): Promise<number | undefined> {
    try {
      for (;;) {
        gathered = 0;
        const left = await sealEvents(deps);
        // Who seals now may know less of the log than we do, or be killed.
        if (left === 'busy') return GATHER_MS;
        if (closed) return undefined;
        if (left === 'nothing') return gathered > 0 ? GATHER_MS : undefined;
      }
    } catch (error) {
      if (!closed) deps.log.warn({ err: error }, 'the log could not be sealed; it will be tried again');
      return RETRY_MS;
    }
  }
}
