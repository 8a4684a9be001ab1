import { rm } from 'node:fs/promises';
import type { OnProgress } from '../../engine.ts';
import { configDir } from './config-files.ts';
import { removeContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import { listExisting } from './existing.ts';
import { listNetworks, removeNetwork } from './networks.ts';
import { settleAll } from './settle.ts';
import { listVolumes, removeVolume } from './volumes.ts';

export interface DownOptions {
  readonly volumes: boolean;
  readonly onProgress?: OnProgress;
}

/**
 * Removes all of the mesh: see `Engine`. The parts are not asked to end in order: PostgreSQL and the agents recover
 * from this as from any crash.
 */
export async function down(deck: Deck, { volumes, onProgress }: DownOptions): Promise<void> {
  const removeService = async (id: string, service: string) => {
    onProgress?.({ service, state: 'stopping' });
    await removeContainer(deck.docker.getContainer(id));
    onProgress?.({ service, state: 'stopped' });
  };
  const [containers, networks] = await Promise.all([listExisting(deck), listNetworks(deck)]);
  await settleAll(containers.map(({ id, service }) => removeService(id, service)));
  await settleAll(networks.map(({ Id }) => removeNetwork(deck, Id)));
  if (volumes) await settleAll((await listVolumes(deck)).map((volume) => removeVolume(deck, volume)));
  await rm(configDir(deck.stateDir), { recursive: true, force: true });
}
