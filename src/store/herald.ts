/** Tells other processes that this one has committed events. */
export interface Herald extends AsyncDisposable {
  /** There are new events. */
  tell(): void;
}

/** What comes within this time is told together, so that a busy process tells the others no more often than this. */
const GATHER_MS = 5;
const RETRY_MS = 200;

/**
 * `notify` is repeated until it succeeds; who had no connection meanwhile looks for everything when it has one again. What
 * dies unsaid with this process is said by its successor, which begins by telling that there may be something.
 */
export function createHerald(notify: () => Promise<unknown>): Herald {
  let isNew = false;
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> | undefined;
  let closed = false;

  return {
    tell() {
      isNew = true;
      if (telling === undefined && !closed) timer ??= setTimeout(start, GATHER_MS);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      await telling;
      if (isNew) await notify().catch(() => undefined);
    },
  };

  function start(): void {
    timer = undefined;
    isNew = false;
    telling = notify().then(
      () => {
        goOn(GATHER_MS);
      },
      () => {
        isNew = true;
        goOn(RETRY_MS);
      },
    );
  }

  function goOn(ms: number): void {
    telling = undefined;
    if (isNew && !closed) timer = setTimeout(start, ms);
  }
}
