import type { Client } from '../../client/client.ts';
import { isMeshError } from '../../core/errors.ts';
import type { Claim } from '../../core/task.ts';

/** Keeps the lease of a claim until it is disposed. `onLost` is called once if the task is no longer ours. */
export function keepLease(
  client: Client,
  { task, lease_id, lease_ms }: Claim,
  onLost: (reason: string) => void,
): Disposable {
  const timer = setInterval(() => void beat(), lease_ms / 3);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };

  async function beat(): Promise<void> {
    try {
      await client.tasks.heartbeat(task.id, lease_id);
    } catch (error) {
      // A controller that is away is not a lost lease: the next beat may still come in time.
      if (!isMeshError(error) || error.retryable) return;
      clearInterval(timer);
      onLost(error.message);
    }
  }
}
