import type { ServicePlan } from '../../plan.ts';
import { type Run, runInOrder } from '../order.ts';

export interface Work {
  /** Done for all services at once. */
  readonly prepare: (service: ServicePlan) => Promise<void>;
  /** Done for a service that is prepared, as soon as its turn has come. */
  readonly run: Run<ServicePlan>;
}

/**
 * Does the work for every service. The first failure aborts the rest; it is thrown once nothing is being done any
 * more.
 */
export async function workInOrder(
  services: readonly ServicePlan[],
  signal: AbortSignal,
  { prepare, run }: Work,
): Promise<void> {
  const failed = new AbortController();
  const prepared = new Map(services.map((service) => [service.name, prepare(service)]));
  for (const preparing of prepared.values()) {
    // Here, so that a failure ends the others at once, however late their turn would have come.
    preparing.catch((error: unknown) => {
      failed.abort(error);
    });
  }
  try {
    await runInOrder(services, AbortSignal.any([signal, failed.signal]), async (service, either, started) => {
      await prepared.get(service.name);
      either.throwIfAborted();
      await run(service, either, started);
    });
  } finally {
    await Promise.allSettled(prepared.values());
  }
}
