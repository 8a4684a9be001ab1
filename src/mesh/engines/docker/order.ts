import type { ServicePlan } from '../../plan.ts';

export interface Work {
  /** Done for all services at once. */
  readonly prepare: (service: ServicePlan) => Promise<void>;
  /** Done for a service that is prepared, as soon as all that it comes after have run. */
  readonly run: (service: ServicePlan, signal: AbortSignal) => Promise<void>;
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
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  // From here on no promise is rejected: what goes wrong is the reason of the abort.
  const settle = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      failure.abort(error);
    });
  const prepared = new Map(services.map((service) => [service.name, settle(prepare(service))]));
  const begun = new Map<string, Promise<void>>();

  const begin = async (service: ServicePlan) => {
    const earlier = services.filter(({ name }) => service.after.includes(name)).map(beginOnce);
    await Promise.all([prepared.get(service.name), ...earlier]);
    if (!either.aborted) await settle(run(service, either));
  };
  const beginOnce = (service: ServicePlan): Promise<void> => {
    const promise = begun.get(service.name) ?? begin(service);
    begun.set(service.name, promise);
    return promise;
  };

  await Promise.all([...prepared.values(), ...services.map(beginOnce)]);
  either.throwIfAborted();
}
