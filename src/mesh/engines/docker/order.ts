import type { ServicePlan } from '../../plan.ts';

/**
 * Runs something for every service as soon as it is done for all that the service comes after. The first failure
 * aborts the rest; it is thrown once nothing is running any more.
 */
export async function runInOrder(
  services: readonly ServicePlan[],
  signal: AbortSignal,
  run: (service: ServicePlan, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const done = new Map<string, Promise<void>>();

  const start = async (service: ServicePlan) => {
    await Promise.all(services.filter(({ name }) => service.after.includes(name)).map(runOnce));
    either.throwIfAborted();
    await run(service, either);
  };
  const runOnce = (service: ServicePlan): Promise<void> => {
    const promise = done.get(service.name) ?? start(service);
    done.set(service.name, promise);
    return promise;
  };

  await Promise.allSettled(
    services.map((service) =>
      runOnce(service).catch((error: unknown) => {
        failed.abort(error);
      }),
    ),
  );
  either.throwIfAborted();
}
