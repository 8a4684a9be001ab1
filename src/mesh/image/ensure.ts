import type Dockerode from 'dockerode';
import { findPackageRoot } from '../../core/package-root.ts';
import { describeDockerfileImage } from './dockerfile.ts';
import { hasImage, labelsOf, removeReplaced } from './images.ts';
import { describeMachineImage } from './machine.ts';
import { runsOurPrograms } from './platform.ts';

export interface ImageOptions {
  /** The user that the parts run as; it owns /data. */
  readonly uid: number;
  /** Told what is being done where that takes a while. */
  readonly onProgress: (detail: string) => void;
  readonly signal: AbortSignal;
  /** How: from this machine's own files where those can run in a container, else by docker/Dockerfile. */
  readonly build?: 'machine' | 'dockerfile';
  /** What the Dockerfile starts from, if not from what it says itself. */
  readonly baseImage?: string;
  /** Folder of the package, if not the one that this code is in. */
  readonly root?: string;
}

/** Gives the tag of the image that all parts run from. What exists is reused; what is missing is built. */
export async function ensureImage(docker: Dockerode, options: ImageOptions): Promise<string> {
  const { uid, root = findPackageRoot(), onProgress, signal } = options;
  const build = options.build ?? ((await runsOurPrograms(docker)) ? 'machine' : 'dockerfile');
  const recipe =
    build === 'machine'
      ? await describeMachineImage(root, uid)
      : describeDockerfileImage(root, uid, options.baseImage);
  if (await hasImage(docker, recipe.tag)) return recipe.tag;

  signal.throwIfAborted();
  await recipe.build(docker, { labels: labelsOf({ root, uid }), onProgress, signal });
  await removeReplaced(docker, recipe, { root, uid });
  return recipe.tag;
}
