import type { Plan, ServicePlan } from '../../plan.ts';
import { specOf } from './compare.ts';
import { type Access, writeConfig } from './config-files.ts';
import { createContainer, removeContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import { draftContainer } from './draft.ts';
import type { EnsureNetwork } from './networks.ts';
import { settleAll } from './settle.ts';
import type { Undo } from './undo.ts';

export interface Making {
  readonly image: string;
  readonly uid: number;
  readonly access: Access;
  readonly ensureNetwork: EnsureNetwork;
  readonly undo: Undo;
}

/** Makes the container of a service, its networks and the configuration that it reads. Nothing is started yet. */
export async function makeContainer(
  deck: Deck,
  plan: Plan,
  service: ServicePlan,
  { image, uid, access, ensureNetwork, undo }: Making,
): Promise<void> {
  await settleAll(service.networks.map(({ network }) => ensureNetwork(network)));
  const config = await writeConfig(deck.stateDir, service.name, service.config, access, undo);
  const { mesh, networks } = plan;
  const spec = specOf(service, plan, image);
  const container = await createContainer(
    deck,
    draftContainer(service, { mesh, networks, image, uid, config, spec }),
  );
  undo.add(() => removeContainer(container));
}
