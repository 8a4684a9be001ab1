import { execFile } from 'node:child_process';
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { chooseOwner } from '../../src/database/owner.ts';
import { readPackage } from '../../src/database/package.ts';
import { checkPassage } from '../../src/database/passage.ts';
import { makePrivateCopy } from '../../src/database/private-copy.ts';
import { chooseProgram } from '../../src/database/program.ts';
import { makeDirectory } from './support/database.ts';

test('a package whose postinstall script has not run is copied, with its links, also by two starts at once', async () => {
  const directory = await makeDirectory();
  const owner = await chooseOwner();
  const installed = await readPackage();
  const linkless = join(directory, 'linkless');
  await makePrivateCopy(installed, linkless, owner);
  for (const { target } of installed.links) await rm(join(linkless, target));

  const source = { ...installed, directory: linkless };
  const [program] = await Promise.all([
    chooseProgram(source, owner, directory),
    chooseProgram(source, owner, directory),
  ]);

  const { stdout } = await promisify(execFile)(program.initdb, ['--version']);
  expect(stdout).toMatch(/^initdb \(PostgreSQL\) 18/);
  expect((await readdir(directory)).sort()).toEqual(['linkless', `program-${installed.version}`]);
});

test('a directory that the user of PostgreSQL cannot pass is named', async () => {
  const closed = await makeDirectory();
  await chmod(closed, 0o700);
  const other = { uid: 12_345, gid: 12_345, isOther: true, operator: 'root' };
  await expect(checkPassage(other, closed)).rejects.toMatchObject({
    code: 'environment',
    message: expect.stringContaining(`cannot pass ${closed}`) as unknown,
    hint: expect.stringContaining(`chmod o+x ${closed}`) as unknown,
  });
});
