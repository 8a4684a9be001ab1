import { MeshError } from '../../../core/errors.ts';
import { hasStatus } from '../../image/status.ts';
import type { Deck } from './deck.ts';
import { fullName, LABELS, ofMesh } from './names.ts';
import { settleAll } from './settle.ts';
import type { Undo } from './undo.ts';

/** Makes the volumes of a plan be there. What they hold is never touched, and one of somebody else never used. */
export async function ensureVolumes(deck: Deck, names: readonly string[], undo: Undo): Promise<void> {
  const { docker, mesh } = deck;
  const [own, { Volumes: all }] = await Promise.all([listVolumes(deck), docker.listVolumes()]);
  const ensure = async (volume: string) => {
    if (own.includes(volume)) return;
    if (all.some(({ Name }) => Name === volume)) throw nameTaken(volume);
    await docker.createVolume({ Name: volume, Labels: { [LABELS.mesh]: mesh } });
    undo.add(() => removeVolume(deck, volume));
  };
  await settleAll(names.map((name) => ensure(fullName(mesh, name))));
}

export async function listVolumes({ docker, mesh }: Deck): Promise<readonly string[]> {
  const { Volumes } = await docker.listVolumes({ filters: ofMesh(mesh) });
  return Volumes.map(({ Name }) => Name);
}

export async function removeVolume({ docker }: Deck, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove();
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

function nameTaken(name: string): MeshError {
  return new MeshError('environment', `There is already a volume ${name}, which is not of this mesh.`, {
    hint: `Remove it (docker volume rm ${name}, with all that it holds) or give the mesh another name.`,
  });
}
