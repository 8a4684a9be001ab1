import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../plan.ts';
import { configDir } from './config-files.ts';
import { removeContainer } from './containers.ts';
import type { Deck } from './deck.ts';
import type { Existing } from './existing.ts';
import { fullName } from './names.ts';
import { listNetworks, removeNetwork } from './networks.ts';
import { settleAll } from './settle.ts';

/** Removes what is not needed any more now that the mesh is as planned. Volumes stay: they hold data. */
export async function sweep(deck: Deck, plan: Plan, obsolete: readonly Existing[]): Promise<void> {
  await settleAll(obsolete.map(({ id }) => removeContainer(deck.docker.getContainer(id))));

  const networks = new Set(plan.networks.map(({ name }) => fullName(plan.mesh, name)));
  const unplanned = (await listNetworks(deck)).filter(({ Name }) => !networks.has(Name));
  await settleAll(unplanned.map(({ Id }) => removeNetwork(deck, Id)));

  const dir = configDir(deck.stateDir);
  const files = new Set(plan.services.map(({ name }) => `${name}.json`));
  const stale = (await readdir(dir).catch(() => [])).filter((file) => !files.has(file));
  await settleAll(stale.map((file) => rm(join(dir, file), { force: true })));
}
