/** Lets long polls sleep until their role has work. */
export interface WorkBell {
  /** Wakes everyone who waits for a role; without one, everyone. */
  ring(role?: string): void;
  /** How often the bell has rung for a role so far. Taken before looking for work, so that no ring is missed. */
  count(role: string): number;
  /** Resolves when the bell has rung more often than `count`, after `ms`, or when the signal aborts. */
  wait(role: string, count: number, ms: number, signal: AbortSignal): Promise<void>;
}

export function createWorkBell(): WorkBell {
  const rings = new Map<string, number>();
  const sleepers = new Set<{ readonly role: string; readonly wake: () => void }>();
  let ringsForAll = 0;

  const count = (role: string) => ringsForAll + (rings.get(role) ?? 0);

  return {
    count,
    ring(role) {
      if (role === undefined) ringsForAll += 1;
      else rings.set(role, (rings.get(role) ?? 0) + 1);
      for (const sleeper of [...sleepers]) {
        if (role === undefined || sleeper.role === role) sleeper.wake();
      }
    },
    wait(role, before, ms, signal) {
      if (count(role) > before || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = { role, wake };
        const timer = setTimeout(wake, ms);
        sleepers.add(sleeper);
        signal.addEventListener('abort', wake);

        function wake(): void {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          sleepers.delete(sleeper);
          resolve();
        }
      });
    },
  };
}
