import type { MeshEvent } from '../../core/event.ts';

/** The events of a run, as they arrive. */
export interface Observer {
  readonly events: readonly MeshEvent[];
  /** Resolves with what `look` finds: now, or after any later event. Undefined when the time is over. */
  waitFor<T>(look: (events: readonly MeshEvent[]) => T | undefined, ms: number): Promise<T | undefined>;
}

export interface ObserverSource extends Observer {
  add(event: MeshEvent): void;
}

export function createObserver(): ObserverSource {
  const events: MeshEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    add(event) {
      events.push(event);
      for (const wake of waiting) wake();
    },
    waitFor(look, ms) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          settle(undefined);
        }, ms);
        waiting.add(check);
        check();

        function check(): void {
          try {
            const found = look(events);
            if (found !== undefined) settle(found);
          } catch (error) {
            clearTimeout(timer);
            waiting.delete(check);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        }

        function settle(found: ReturnType<typeof look>): void {
          clearTimeout(timer);
          waiting.delete(check);
          resolve(found);
        }
      });
    },
  };
}
