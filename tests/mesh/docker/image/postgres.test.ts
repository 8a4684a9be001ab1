import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listMissingLinks } from '../../../../src/mesh/image/postgres.ts';
import { link, makeFolder, writeTree } from '../support/tree.ts';

it("makes those links between PostgreSQL's libraries that npm could not", async () => {
  const dir = await makeFolder();
  await writeTree(dir, {
    'native/pg-symlinks.json': [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    ],
    'native/lib/libpq.so.5.18': '',
  });
  await link('libpq.so.5.18', join(dir, 'native/lib/libpq.so'));

  const links = [...listMissingLinks({ name: 'postgres', version: '1.0.0', dir }, '/app/postgres')];

  expect(links).toEqual([
    { kind: 'link', path: '/app/postgres/native/lib/libpq.so.5', target: 'libpq.so.5.18' },
  ]);
});
