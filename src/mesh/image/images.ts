import type Dockerode from 'dockerode';
import type { Recipe } from './recipe.ts';
import { hasStatus } from './status.ts';

/** Label of every image of ours: which installation made it, for which user. */
export const ORIGIN = 'goose-mesh.origin';

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
 * Removes what the recipe's image has replaced: images of the same origin that no container uses. Another
 * installation's stay: it may be about to start them.
 */
export async function removeReplaced(
  docker: Dockerode,
  { tag, base }: Pick<Recipe, 'tag' | 'base'>,
  origin: string,
): Promise<void> {
  const [images, containers] = await Promise.all([
    docker.listImages({ filters: { label: [`${ORIGIN}=${origin}`] } }),
    docker.listContainers({ all: true }),
  ]);
  const used = new Set(containers.map(({ ImageID }) => ImageID));
  const isCurrent = (tags: readonly string[] | null | undefined) =>
    tags?.some((name) => name === tag || name === base) === true;
  const replaced = images.filter(({ Id, RepoTags }) => !used.has(Id) && !isCurrent(RepoTags));
  // An image cannot go before those that were made from it.
  const bases = new Set(replaced.map(({ ParentId }) => ParentId));
  const [first, last] = [
    replaced.filter(({ Id }) => !bases.has(Id)),
    replaced.filter(({ Id }) => bases.has(Id)),
  ];
  for (const { Id } of [...first, ...last]) await removeImage(docker, Id);
}
