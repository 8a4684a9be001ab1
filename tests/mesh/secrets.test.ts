import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureSecrets, readSecrets } from '../../src/mesh/secrets.ts';
import { makeFolder } from './docker/support/tree.ts';

test('secrets are made once, for the owner alone; a new client gets one of its own', async () => {
  const folder = await makeFolder();
  const first = await ensureSecrets(folder, ['user:a']);
  const second = await ensureSecrets(folder, ['user:a', 'user:b']);
  expect(second).toMatchObject({ ...first, clients: first.clients });
  expect(second.clients['user:b']).not.toBe(second.clients['user:a']);
  expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
});

test('a damaged file is named and never quoted', async () => {
  const folder = await makeFolder();
  const { mask_key } = await ensureSecrets(folder, []);
  const path = join(folder, 'secrets.json');
  await writeFile(path, (await readFile(path, 'utf8')).slice(0, -3));
  const reading = readSecrets(folder);
  await expect(reading).rejects.toMatchObject({ code: 'configuration' });
  await expect(reading).rejects.toThrow(path);
  await expect(reading).rejects.not.toThrow(mask_key);
});
