import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { thisProcess } from '../../src/mesh/holder.ts';
import { lockMesh } from '../../src/mesh/lock.ts';
import { makeFolder } from './docker/support/tree.ts';

test('a mesh that is being changed is refused with the process that does it, until that is done', async () => {
  const folder = await makeFolder();
  const lock = await lockMesh(folder);
  await expect(lockMesh(folder)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(String(process.pid)) as string,
  });
  await lock[Symbol.asyncDispose]();
  await using _again = await lockMesh(folder);
  expect(await readdir(folder)).toEqual(['lock.json']);
});

test('of those that find the lock of a dead process one gets it', async () => {
  const dead = spawn('true');
  await once(dead, 'exit');
  for (const holder of [
    { pid: dead.pid, started: '1' },
    { ...(await thisProcess()), started: '1' },
  ]) {
    const folder = await makeFolder();
    await writeFile(join(folder, 'lock.json'), JSON.stringify(holder));
    const locks = await Promise.allSettled([1, 2, 3, 4].map(() => lockMesh(folder)));
    expect(locks.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  }
});
