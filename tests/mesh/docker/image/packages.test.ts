import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInstallation } from '../../../../src/mesh/image/packages.ts';
import { placeInstallation } from '../../../../src/mesh/image/places.ts';
import { link, makeFolder, writeTree } from '../support/tree.ts';

const SELF = {
  name: 'goose-mesh',
  version: '1.0.0',
  dependencies: { a: '1' },
  devDependencies: { d: '1' },
  optionalDependencies: { elsewhere: '1', here: '1' },
};
const A = { name: 'a', version: '1.0.0', dependencies: { b: '1' } };
const B1 = { name: 'b', version: '1.0.0' };
const B2 = { name: 'b', version: '2.0.0' };
const D = { name: 'd', version: '1.0.0', dependencies: { b: '2' } };
const HERE = {
  name: 'here',
  version: '1.0.0',
  peerDependencies: { a: '1', d: '1' },
  peerDependenciesMeta: { d: { optional: true } },
};

/** The places in the image of all packages of the installation at `root`. */
function place(root: string) {
  const installation = findInstallation(root);
  const toImage = placeInstallation(installation);
  const packages = [installation.self, ...installation.dependencies];
  return {
    packages: packages.map(({ name, version, dir }) => `${name}@${version} ${toImage(dir)}`),
    links: installation.links.map(({ path, target }) => `${toImage(path)} -> ${toImage(target)}`),
  };
}

describe('the packages of the image', () => {
  it('are those below a checkout, without what only development needs', async () => {
    const root = await makeFolder();
    await writeTree(root, {
      'package.json': SELF,
      'node_modules/a/package.json': A,
      'node_modules/a/node_modules/b/package.json': B1,
      'node_modules/b/package.json': B2,
      'node_modules/d/package.json': D,
      'node_modules/here/package.json': HERE,
    });

    expect(place(root)).toEqual({
      packages: [
        'goose-mesh@1.0.0 /app',
        'a@1.0.0 /app/node_modules/a',
        'here@1.0.0 /app/node_modules/here',
        'b@1.0.0 /app/node_modules/a/node_modules/b',
      ],
      links: [],
    });
  });

  it('are those beside an installed tarball, in the same places relative to it', async () => {
    const project = await makeFolder();
    await writeTree(project, {
      'package.json': { name: 'project', version: '0.0.0', dependencies: { other: '1' } },
      'node_modules/goose-mesh/package.json': SELF,
      'node_modules/goose-mesh/node_modules/a/package.json': A,
      'node_modules/b/package.json': B1,
      'node_modules/here/package.json': HERE,
      'node_modules/other/package.json': { name: 'other', version: '1.0.0' },
    });

    expect(place(join(project, 'node_modules/goose-mesh')).packages).toEqual([
      'goose-mesh@1.0.0 /app/node_modules/goose-mesh',
      'a@1.0.0 /app/node_modules/goose-mesh/node_modules/a',
      'here@1.0.0 /app/node_modules/here',
      'b@1.0.0 /app/node_modules/b',
    ]);
  });

  it('keep the links by which pnpm puts them together', async () => {
    const store = join(await makeFolder(), 'node_modules/.pnpm');
    await writeTree(store, {
      'goose-mesh@1.0.0/node_modules/goose-mesh/package.json': { ...SELF, optionalDependencies: {} },
      'a@1.0.0/node_modules/a/package.json': A,
      'b@1.0.0/node_modules/b/package.json': B1,
    });
    await link('../../a@1.0.0/node_modules/a', join(store, 'goose-mesh@1.0.0/node_modules/a'));
    await link('../../b@1.0.0/node_modules/b', join(store, 'a@1.0.0/node_modules/b'));

    expect(place(join(store, 'goose-mesh@1.0.0/node_modules/goose-mesh'))).toEqual({
      packages: [
        'goose-mesh@1.0.0 /app/goose-mesh@1.0.0/node_modules/goose-mesh',
        'a@1.0.0 /app/a@1.0.0/node_modules/a',
        'b@1.0.0 /app/b@1.0.0/node_modules/b',
      ],
      links: [
        '/app/goose-mesh@1.0.0/node_modules/a -> /app/a@1.0.0/node_modules/a',
        '/app/a@1.0.0/node_modules/b -> /app/b@1.0.0/node_modules/b',
      ],
    });
  });

  it('must all be there', async () => {
    const root = await makeFolder();
    await writeTree(root, { 'package.json': SELF, 'node_modules/a/package.json': A });

    expect(() => findInstallation(root)).toThrow('The package b, which a needs, is not installed.');
  });
});
