import type { EventTail } from './tail.ts';

/** Tells when something happens to one subject, in whichever controller. */
export interface Watch extends Disposable {
  /** True once something has happened since the last call; false after `ms`, or when the signal aborts. */
  next(ms: number, signal: AbortSignal): Promise<boolean>;
}

/** Watches from now on: look at the subject only after this, so that nothing is missed in between. */
export function watchSubject(tail: EventTail, subject: string): Watch {
  let happened = false;
  let wake = (): void => undefined;
  const unsubscribe = tail.subscribe((events) => {
    if (!events.some((event) => event.subject === subject)) return;
    happened = true;
    wake();
  });
  return {
    async next(ms, signal) {
      if (!happened && !signal.aborted) await sleepUntilWoken(ms, signal);
      const answer = happened;
      happened = false;
      return answer;
    },
    [Symbol.dispose]: unsubscribe,
  };

  function sleepUntilWoken(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake);
    });
  }
}
