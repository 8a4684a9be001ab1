import type { ServiceStatus } from '../../engine.ts';
import { readSupervisor } from './control-client.ts';
import type { Place } from './place.ts';

/** The services of the mesh, in the order of their names. None if there is no supervisor: it ends with them. */
export async function readStatus(place: Place): Promise<readonly ServiceStatus[]> {
  const supervisor = await readSupervisor(place);
  const services = supervisor?.services ?? [];
  return services
    .map(({ service, part, state, started_at, restarts, address, pid }) => ({
      service,
      part,
      state,
      startedAt: started_at ?? undefined,
      restarts,
      address: address ?? undefined,
      id: pid === null ? '' : String(pid),
    }))
    .sort((a, b) => a.service.localeCompare(b.service));
}
