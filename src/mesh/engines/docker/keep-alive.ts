import { setTimeout as sleep } from 'node:timers/promises';
import type { Deck } from './deck.ts';
import { openEvents } from './events.ts';
import { listExisting } from './existing.ts';
import { fullName, LABELS } from './names.ts';

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
      // Some may have died while nobody listened.
      for (const { id } of await listExisting(deck)) await revive(deck, id);
      for await (const { id } of deaths) await revive(deck, id);
    } catch {
      // The engine was restarted, or is gone. There is nobody to tell, and it may come back.
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Starts a container that is neither on its way back by itself nor set aside by an `up` that replaces it. */
async function revive({ docker, mesh }: Deck, id: string): Promise<void> {
  const container = docker.getContainer(id);
  try {
    // Asked for by id: lists lag behind events.
    const { State, Name, Config } = await container.inspect();
    const service = Config.Labels[LABELS.service] ?? '';
    if (State.Status === 'exited' && Name === `/${fullName(mesh, service)}`) await container.start();
  } catch {
    // Removed meanwhile, or its port was taken. The others must not suffer from that.
  }
}
