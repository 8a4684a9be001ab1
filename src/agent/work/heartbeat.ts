import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../client/client.ts';
import { isMeshError } from '../../core/errors.ts';
import type { Claim } from '../../core/task.ts';

/** The longest that the controller lets a beat wait. */
const LONGEST_WAIT_MS = 60_000;
const RETRY_MS = 250;

/**
 * Keeps the lease of a claim until it is disposed. `onLost` is called once if the task is no longer ours: at once,
 * since every beat waits at the controller for just that until the next one is due.
 */
export function keepLease(
  client: Client,
  { task, lease_id, lease_ms }: Claim,
  onLost: (reason: string) => void,
): Disposable {
  const stop = new AbortController();
  const { signal } = stop;
  const isStopped = () => signal.aborted;
  const waitMs = Math.min(Math.floor(lease_ms / 3), LONGEST_WAIT_MS);
  void beat();
  return {
    [Symbol.dispose]: () => {
      stop.abort();
    },
  };

  async function beat(): Promise<void> {
    while (!isStopped()) {
      try {
        await client.tasks.heartbeat(task.id, lease_id, { waitMs, signal });
      } catch (error) {
        if (isStopped()) return;
        if (isMeshError(error) && !error.retryable) {
          onLost(error.message);
          return;
        }
        // A controller that is away is not a lost lease: the next beat may still come in time.
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
