import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { listAppFiles, tagFor } from './app-files.ts';
import { type Entry, listEntries } from './entry.ts';
import { removeImage } from './images.ts';
import { readManifest } from './manifest.ts';
import { followBuild } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { readCertificates } from './system.ts';
import { packEntries } from './tar.ts';

/** An image built by docker/Dockerfile: for machines whose own programs do not run in a container. */
export function describeDockerfileImage(root: string, uid: number, baseImage?: string): Recipe {
  const context = listContext(root);
  const buildargs = { UID: String(uid), ...(baseImage === undefined ? {} : { BASE_IMAGE: baseImage }) };
  const tag = tagFor(readManifest(root).version, context, JSON.stringify(buildargs));
  return {
    tag,
    async build(docker, { labels, onProgress, signal }) {
      onProgress('building docker/Dockerfile');
      const archive = packEntries(context);
      let layer: string | undefined;
      try {
        const options = { t: tag, labels: { ...labels }, buildargs, forcerm: true, abortSignal: signal };
        await followBuild(await docker.buildImage(archive, options), (text) => {
          layer = /^---> ([0-9a-f]{12})$/.exec(text)?.[1] ?? layer;
          if (text.startsWith('Step ')) onProgress(text);
        });
      } catch (error) {
        if (layer !== undefined) await removeLayer(docker, layer);
        throw error;
      } finally {
        archive.destroy();
      }
    },
  };
}

/** Removes what a build had come to, and with it the layers before that nobody else has. Never its base image. */
async function removeLayer(docker: Dockerode, layer: string): Promise<void> {
  const images = await docker.listImages({ all: true });
  const found = images.find(({ Id }) => Id.startsWith(`sha256:${layer}`));
  if (found?.RepoTags?.[0] === '<none>:<none>') await removeImage(docker, layer);
}

/** An installed package has no lockfile: npm then takes what its package.json names, in exact versions. */
function listContext(root: string): readonly Entry[] {
  const lockfile = join(root, 'package-lock.json');
  return [
    ...listEntries(join(root, 'docker', 'Dockerfile'), '/Dockerfile'),
    ...(existsSync(lockfile) ? listEntries(lockfile, '/package-lock.json') : []),
    { kind: 'text', path: '/certificates.pem', text: readCertificates() },
    ...listAppFiles(root, ''),
  ];
}
