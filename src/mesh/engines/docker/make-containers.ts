import type { Plan, ServicePlan } from '../../plan.ts';
import { specOf } from './compare.ts';
import { type Access, writeConfig } from './config-files.ts';
import { createContainer, removeContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import { draftContainer } from './draft.ts';
import type { Pool } from './pool.ts';
import { settleAll } from './settle.ts';
import type { Undo } from './undo.ts';

export interface Making {
  readonly image: string;
  readonly uid: number;
  readonly access: Access;
  readonly pool: Pool;
  readonly undo: Undo;
}

/** Makes the containers of services, and the configurations that they read. Nothing is started yet. */
export async function makeContainers(
  deck: Deck,
  plan: Plan,
  services: readonly ServicePlan[],
  { image, uid, access, pool, undo }: Making,
): Promise<void> {
  const make = async (service: ServicePlan) => {
    const config = await writeConfig(deck.stateDir, service.name, service.config, access, undo);
    const spec = specOf(service, plan, image);
    const draft = draftContainer(service, {
      mesh: plan.mesh,
      networks: plan.networks,
      image,
      uid,
      config,
      spec,
    });
    const container = await createContainer(deck, draft);
    undo.add(() => removeContainer(container));
  };
  await settleAll(services.map((service) => pool(() => make(service))));
}
