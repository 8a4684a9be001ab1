import { MeshError } from '../../../core/errors.ts';
import type { UpOptions } from '../../engine.ts';
import type { Plan, ServicePlan } from '../../plan.ts';
import { readSupervisor, requestPlan } from './control-client.ts';
import { makeDirectories } from './directories.ts';
import { launchSupervisor } from './launch.ts';
import type { Place } from './place.ts';
import type { PlannedService, SupervisorStatus } from './wire.ts';

export interface Mesh {
  readonly mesh: string;
  readonly tied: boolean;
}

/** Makes the mesh be as planned: see `Engine`. */
export async function up(place: Place, { mesh, tied }: Mesh, plan: Plan, options: UpOptions): Promise<void> {
  options.signal.throwIfAborted();
  await makeDirectories(place);
  const supervisor = await readSupervisor(place);
  if (supervisor === undefined) await launchSupervisor(place, tied);
  // Whoever launched one at the same moment may have been first.
  checkTie(mesh, supervisor ?? (await readSupervisor(place)));
  await requestPlan(place, { services: plan.services.map(toPlanned) }, options);
}

/** A mesh that ends with another command must not be taken for one that stays, nor be changed under it. */
function checkTie(mesh: string, supervisor: SupervisorStatus | undefined): void {
  const tiedTo = supervisor?.tied_to ?? process.pid;
  if (tiedTo === process.pid) return;
  throw new MeshError('conflict', `Process ${tiedTo} runs ${mesh} already, and will end it when it ends.`, {
    hint: 'Wait for that, or use another name: a mesh runs once at a time.',
  });
}

function toPlanned({ name, config, after, publish, tmpfs, limits }: ServicePlan): PlannedService {
  const { memoryMb } = limits;
  return { name, config, after: [...after], publish: publish ?? null, tmpfs: [...tmpfs], memoryMb };
}
