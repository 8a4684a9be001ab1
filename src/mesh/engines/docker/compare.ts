import { hashOf } from '../../image/identity.ts';
import type { Plan, ServicePlan } from '../../plan.ts';
import type { Existing } from './existing.ts';
import { fullName } from './names.ts';

/** What there is, seen from a plan. */
export interface Comparison {
  /** What runs as planned, by service. */
  readonly kept: ReadonlyMap<string, Existing>;
  /** What runs, but otherwise than planned, or unplanned. */
  readonly obsolete: readonly Existing[];
  /** What does not run: the remains of a crash, of a `docker stop`, of an `up` that was killed. */
  readonly remains: readonly Existing[];
}

export function compare(plan: Plan, image: string, existing: readonly Existing[]): Comparison {
  const specs = new Map(
    plan.services.map((service) => [fullName(plan.mesh, service.name), specOf(service, plan, image)]),
  );
  const running = existing.filter(({ state }) => state === 'running');
  const kept = running.filter(({ name, spec }) => specs.get(name) === spec);
  return {
    kept: new Map(kept.map((container) => [container.service, container])),
    obsolete: running.filter((container) => !kept.includes(container)),
    remains: existing.filter((container) => !running.includes(container)),
  };
}

/** Equal for services whose containers would be equal. */
export function specOf(service: ServicePlan, { networks }: Plan, image: string): string {
  const names = new Set(service.networks.map(({ network }) => network));
  return hashOf({ service, networks: networks.filter(({ name }) => names.has(name)), image });
}
