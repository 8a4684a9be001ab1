import type { Plan, ServicePlan } from '../../plan.ts';
import { specOf } from './compare.ts';
import { configPath } from './config-files.ts';
import { createContainer, removeContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import { draftContainer } from './draft.ts';
import type { EnsureNetwork } from './networks.ts';
import { settleAll } from './settle.ts';
import type { Undo } from './undo.ts';

export interface Making {
  readonly image: string;
  readonly uid: number;
  readonly ensureNetwork: EnsureNetwork;
  readonly undo: Undo;
}

/** Makes the container of a service, and the networks that it needs. Nothing is started yet. */
export async function makeContainer(
  deck: Deck,
  plan: Plan,
  service: ServicePlan,
  { image, uid, ensureNetwork, undo }: Making,
): Promise<void> {
  await settleAll(service.networks.map(({ network }) => ensureNetwork(network)));
  const config = configPath(deck.stateDir, service.name);
  const { mesh, networks } = plan;
  const spec = specOf(service, plan, image);
  const container = await createContainer(
    deck,
    draftContainer(service, { mesh, networks, image, uid, config, spec }),
  );
  undo.add(() => removeContainer(container));
}
