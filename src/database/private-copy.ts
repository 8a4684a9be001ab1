import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { giveTreeTo, type Owner } from './owner.ts';
import type { ProgramPackage } from './package.ts';

/**
 * Makes `directory` a copy of the package that belongs to the owner, links included, unless it is there already.
 * It appears by a rename, so that whoever finds it finds it whole.
 */
export async function makePrivateCopy(
  source: ProgramPackage,
  directory: string,
  owner: Owner,
): Promise<void> {
  if (existsSync(directory)) return;
  const draft = await mkdtemp(`${directory}.draft-`);
  try {
    await copyTree(join(source.directory, 'native'), join(draft, 'native'));
    for (const { source: file, target } of source.links) await symlink(basename(file), join(draft, target));
    await giveTreeTo(owner, draft);
    await rename(draft, directory);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another start may have been quicker: its copy is as good.
    if (!existsSync(directory)) throw error;
  }
}

/** Copies what the server needs to run; the libraries for linking programs with it are left out. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile() && extname(entry.name) !== '.a') {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
    }
  }
}
