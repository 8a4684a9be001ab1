import type Dockerode from 'dockerode';
import { listAppFiles, tagFor } from './app-files.ts';
import { type Base, describeBase } from './base.ts';
import type { Entry } from './entry.ts';
import { hasImage, removeImage } from './images.ts';
import { findInstallation } from './packages.ts';
import { placeInstallation } from './places.ts';
import { followBuild } from './progress.ts';
import type { BuildOptions, Recipe } from './recipe.ts';
import { DATA, ENVIRONMENT, NODE } from './system.ts';
import { packEntries } from './tar.ts';

/**
 * An image made of what is installed on this machine, with nothing pulled and no builder: a base, which takes
 * seconds and seldom changes, and our own code as a layer on it.
 */
export async function describeMachineImage(root: string, uid: number): Promise<Recipe> {
  const installation = findInstallation(root);
  const place = placeInstallation(installation);
  const { dir: self, version } = installation.self;
  const base = await describeBase(installation, place, uid);
  const files = listAppFiles(self, place(self));
  const tag = tagFor(version, files, base.tag);
  return {
    tag,
    base: base.tag,
    async build(docker, options) {
      const hadBase = await hasImage(docker, base.tag);
      try {
        if (!hadBase) await importBase(docker, base, options);
        options.signal.throwIfAborted();
        options.onProgress('adding goose-mesh');
        await commitApp(
          docker,
          { base: base.tag, tag, program: `${place(self)}/bin/goose-mesh.js`, files },
          options,
        );
      } catch (error) {
        if (!hadBase) await removeImage(docker, base.tag);
        throw error;
      }
    },
  };
}

/** Hands the whole of it to the engine as one archive: some five seconds for half a gigabyte. */
async function importBase(docker: Dockerode, base: Base, options: BuildOptions): Promise<void> {
  options.onProgress('importing Node, Goose and PostgreSQL of this machine');
  const [repo, tag] = base.tag.split(':');
  const labels = Object.entries(options.labels).map((pair) =>
    pair.map((text) => JSON.stringify(text)).join('='),
  );
  const archive = packEntries(base.entries);
  try {
    const changes = `LABEL ${labels.join(' ')}`;
    await followBuild(await docker.importImage(archive, { repo, tag, changes, abortSignal: options.signal }));
  } finally {
    archive.destroy();
  }
}

interface App {
  readonly base: string;
  readonly tag: string;
  readonly program: string;
  readonly files: readonly Entry[];
}

/** Writes the layer into a container that is never started and keeps that as an image: every engine can do this. */
async function commitApp(docker: Dockerode, app: App, { labels }: BuildOptions): Promise<void> {
  const [repo, tag] = app.tag.split(':');
  const container = await docker.createContainer({
    Image: app.base,
    Entrypoint: [NODE, app.program],
    Env: [...ENVIRONMENT],
    WorkingDir: DATA,
    Labels: { ...labels },
  });
  try {
    await container.putArchive(packEntries(app.files), { path: '/' });
    await container.commit({ repo, tag });
  } finally {
    await container.remove({ force: true });
  }
}
