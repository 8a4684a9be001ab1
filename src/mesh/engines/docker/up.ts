import { MeshError, messageOf } from '../../../core/errors.ts';
import { IMAGE } from '../../../core/progress.ts';
import type { UpOptions } from '../../engine.ts';
import { ensureImage } from '../../image/ensure.ts';
import type { Plan } from '../../plan.ts';
import { bringUp } from './bring-up.ts';
import { compare } from './compare.ts';
import { writeConfig } from './config-files.ts';
import { removeContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import { listExisting } from './existing.ts';
import { makeContainer } from './make-container.ts';
import { prepareNetworks } from './networks.ts';
import { workInOrder } from './order.ts';
import { createPool } from './pool.ts';
import { setAside } from './set-aside.ts';
import { settleAll } from './settle.ts';
import { sweep } from './sweep.ts';
import { Undo } from './undo.ts';
import { findAccess, partsUid } from './user.ts';
import { ensureVolumes } from './volumes.ts';

/** More at once gain nothing: the engine spends most of a start under locks of its own. */
const AT_ONCE = 4;

/** Makes the mesh be as planned: see `Engine`. */
export async function up(deck: Deck, plan: Plan, { signal, onProgress }: UpOptions): Promise<void> {
  const { docker } = deck;
  const uid = partsUid();
  const building = { begun: false };
  const image = await ensureImage(docker, {
    ...deck.image,
    uid,
    signal,
    onProgress: (detail) => {
      building.begun = true;
      onProgress({ service: IMAGE, state: 'building', detail });
    },
  });
  if (building.begun) onProgress({ service: IMAGE, state: 'ready' });
  const [existing, access] = await Promise.all([listExisting(deck), findAccess(docker, uid)]);
  const { kept, obsolete, remains } = compare(plan, image, existing);

  const undo = new Undo();
  const [creating, starting] = [createPool(AT_ONCE), createPool(AT_ONCE)];
  try {
    signal.throwIfAborted();
    await settleAll(remains.map(({ id }) => removeContainer(docker.getContainer(id))));
    await settleAll(obsolete.map((container) => setAside(deck, container, undo, onProgress)));
    // Also of what is kept: without its file it could not start again.
    await settleAll(plan.services.map((service) => writeConfig(deck.stateDir, service, access, undo)));
    await ensureVolumes(deck, plan.volumes, undo);
    const ensureNetwork = await prepareNetworks(deck, plan.networks, undo);
    const making = { image, uid, ensureNetwork, undo };
    await workInOrder(plan.services, signal, {
      prepare: async (service) => {
        if (kept.has(service.name)) return;
        if (service.after.length > 0) {
          onProgress({ service: service.name, state: 'waiting', detail: service.after.join(', ') });
        }
        await creating(() => makeContainer(deck, plan, service, making));
      },
      run: (service, either, started) =>
        bringUp(deck, service, {
          isKept: kept.has(service.name),
          pool: starting,
          signal: either,
          started,
          onProgress,
        }),
    });
    await settleAll(plan.networks.map(({ name }) => ensureNetwork(name)));
  } catch (error) {
    throw explain(error, await undo.run());
  }
  await sweep(deck, plan, obsolete);
}

function explain(error: unknown, failures: readonly string[]): unknown {
  if (failures.length === 0) return error;
  return new MeshError(
    'environment',
    `${messageOf(error)} Not all could be taken back: ${failures.join('; ')}`,
    {
      hint: 'goose-mesh down removes what is left.',
      cause: error,
    },
  );
}
