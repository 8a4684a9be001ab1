import type { MeshEvent } from '../../core/event.ts';

/** The events of a run, as they arrive. */
export interface Observer {
  readonly events: readonly MeshEvent[];
  /** Resolves with what `look` finds: now, or after any later event. Undefined when the time is over. */
  waitFor<T>(look: (events: readonly MeshEvent[]) => T | undefined, ms: number): Promise<T | undefined>;
}

export interface ObserverSource extends Observer {
  add(event: MeshEvent): void;
  /** Ends all waiting: the run is over. */
  close(): void;
}

export function createObserver(): ObserverSource {
  const events: MeshEvent[] = [];
  const waiting = new Set<{ readonly check: () => void; readonly giveUp: () => void }>();
  return {
    events,
    add(event) {
      events.push(event);
      for (const { check } of waiting) check();
    },
    close() {
      for (const { giveUp } of waiting) giveUp();
    },
    waitFor(look, ms) {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof look>>();
      const giveUp = () => {
        resolve(undefined);
      };
      const check = () => {
        try {
          const found = look(events);
          if (found !== undefined) resolve(found);
        } catch (error) {
          // A mistake in the expectation: whoever expects is told, not whoever adds events.
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const timer = setTimeout(giveUp, ms);
      const waiter = { check, giveUp };
      waiting.add(waiter);
      check();
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(waiter);
      });
    },
  };
}
