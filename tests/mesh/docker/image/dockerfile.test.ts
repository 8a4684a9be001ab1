import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findPackageRoot } from '../../../../src/core/package-root.ts';
import { followBuild } from '../../../../src/mesh/image/progress.ts';
import { packEntries } from '../../../../src/mesh/image/tar.ts';
import { describeWithDocker } from '../support/docker.ts';
import { makePackage } from '../support/package.ts';
import { writeTree } from '../support/tree.ts';

const EMPTY = 'gm-test-empty:latest';

await describeWithDocker('the Dockerfile', (docker) => {
  /** Something to build on without a registry. It has no shell, so nothing can be run in it. */
  async function importEmptyImage(): Promise<void> {
    const archive = packEntries([{ kind: 'text', path: '/empty', text: '' }]);
    await followBuild(await docker.importImage(archive, { repo: 'gm-test-empty', tag: 'latest' }));
    onTestFinished(async () => {
      await docker.getImage(EMPTY).remove({ force: true });
    });
  }

  it('makes the image that it describes, step by step', async () => {
    await importEmptyImage();
    const { root, ensure, listTags } = await makePackage(docker);
    await writeTree(root, {
      'docker/Dockerfile': 'ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nCOPY . .\nENTRYPOINT ["x"]',
    });
    const steps: string[] = [];

    const tag = await ensure({
      build: 'dockerfile',
      baseImage: EMPTY,
      onProgress: (step) => steps.push(step),
    });

    expect(await listTags()).toEqual([tag]);
    expect(steps).toContainEqual(expect.stringMatching(/^Step 3\/\d+ : COPY \. \.$/));
  });

  it('that fails at a step gives an error that names it, and leaves no layer', async () => {
    await importEmptyImage();
    const { root, ensure } = await makePackage(docker);
    await cp(join(findPackageRoot(), 'docker'), join(root, 'docker'), { recursive: true });

    const building = ensure({ build: 'dockerfile', baseImage: EMPTY });

    await expect(building).rejects.toThrow(
      /^The image cannot be built \(Step 6\/\d+ : RUN groupadd .*\/bin\/sh/s,
    );
    const { Id } = await docker.getImage(EMPTY).inspect();
    const layers = await docker.listImages({ all: true });
    expect(layers.filter(({ ParentId }) => ParentId === Id)).toEqual([]);
  });
});
