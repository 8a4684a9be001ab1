import { existsSync } from 'node:fs';
import type Dockerode from 'dockerode';
import type { Recipe } from './recipe.ts';
import { hasStatus } from './status.ts';

/** Who made an image of ours: the installation at a folder, for the user with a number. Every image of ours says so. */
export interface Origin {
  readonly root: string;
  readonly uid: number;
}

const ROOT = 'goose-mesh.root';
const USER = 'goose-mesh.uid';

export function labelsOf({ root, uid }: Origin): Record<string, string> {
  return { [ROOT]: root, [USER]: String(uid) };
}

export async function hasImage(docker: Dockerode, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

/** Removes an image. One that is gone already, or that a container or another image still needs, is left alone. */
export async function removeImage(docker: Dockerode, name: string): Promise<void> {
  try {
    await docker.getImage(name).remove();
  } catch (error) {
    if (!hasStatus(error, 404, 409)) throw error;
  }
}

/**
 * Removes images that no container uses: those that the recipe's image replaces, and those of installations that are
 * not there any more. Another installation's stay, since it may be about to start them.
 */
export async function removeReplaced(
  docker: Dockerode,
  { tag, base }: Pick<Recipe, 'tag' | 'base'>,
  { root, uid }: Origin,
): Promise<void> {
  const [images, containers] = await Promise.all([
    docker.listImages({ filters: { label: [ROOT] } }),
    docker.listContainers({ all: true }),
  ]);
  const used = new Set(containers.map(({ ImageID }) => ImageID));
  // The engine gives null where there are no tags.
  const isCurrent = (tags: readonly string[] | null | undefined) =>
    tags?.some((name) => name === tag || name === base) === true;
  const isOurs = ({ [ROOT]: made = '', [USER]: user = '' }) =>
    (made === root && user === String(uid)) || !existsSync(made);
  const replaced = images.filter(
    ({ Id, RepoTags, Labels }) => !used.has(Id) && !isCurrent(RepoTags) && isOurs(Labels),
  );
  // An image cannot go before those that were made from it.
  const bases = new Set(replaced.map(({ ParentId }) => ParentId));
  const inOrder = replaced.toSorted((a, b) => Number(bases.has(a.Id)) - Number(bases.has(b.Id)));
  for (const { Id } of inOrder) await removeImage(docker, Id);
}
