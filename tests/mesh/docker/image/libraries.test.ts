import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listLibraries } from '../../../../src/mesh/image/libraries.ts';
import { makeFolder, writeTree } from '../support/tree.ts';

it.runIf(process.platform === 'linux')('lists what a program is linked with, and the loader', async () => {
  const libraries = await listLibraries([process.execPath]);

  expect(libraries.filter((path) => /\/(libc\.so\.6|ld-linux-[^/]+)$/.test(path))).toHaveLength(2);
  expect(libraries.every((path) => existsSync(path))).toBe(true);
});

it.runIf(process.platform === 'linux')(
  'takes a program that is linked with nothing for what it is',
  async () => {
    const folder = await makeFolder();
    await writeTree(folder, { program: 'no program' });

    expect(await listLibraries([`${folder}/program`, process.execPath])).toEqual(
      await listLibraries([process.execPath]),
    );
  },
);
