import { setTimeout as sleep } from 'node:timers/promises';
import type { Deck } from './deck.ts';
import { openEvents } from './events.ts';
import { type Existing, listExisting } from './existing.ts';
import { fullName } from './names.ts';

/** Between attempts to hear from an engine that has gone away. */
const RETRY_MS = 500;

/**
 * Starts again what dies although nobody ended the mesh. After a crash Docker does so itself; a `docker kill` or a
 * `docker stop` it takes for a wish, which in the middle of a scenario it is not.
 */
export function keepAlive(open: () => Promise<Deck>): AsyncDisposable {
  const stop = new AbortController();
  const watching = watch(open, stop.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await watching;
    },
  };
}

async function watch(open: () => Promise<Deck>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const deck = await open();
      const deaths = await openEvents(deck, 'die', signal);
      await revive(deck);
      for await (const { service } of deaths) if (service !== undefined) await revive(deck);
    } catch {
      // The engine was restarted, or is gone. There is nobody to tell, and it may come back.
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** All of them, not only the one that an event names: some may have died while nobody listened. */
async function revive(deck: Deck): Promise<void> {
  const dead = (await listExisting(deck)).filter((container) => isStopped(container, deck.mesh));
  // One that was removed meanwhile, or whose port was taken, cannot be started; that must not keep the others down.
  await Promise.allSettled(dead.map(({ id }) => deck.docker.getContainer(id).start()));
}

/** Not on its way back by itself, and not set aside by an `up` that replaces it. */
function isStopped({ state, name, service }: Existing, mesh: string): boolean {
  return state === 'exited' && name === fullName(mesh, service);
}
