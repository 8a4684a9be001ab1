import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../../core/errors.ts';
import { type Entry, listEntries } from './entry.ts';

/** What of the package runs. */
const PARTS = ['package.json', 'bin', 'dist', 'migrations', 'profiles', 'policies', 'scenarios'];

const UNWANTED = /\.(map|d\.ts|tsbuildinfo)$/;

/** The files of our own code, to be below `dir` in an image. */
export function listAppFiles(root: string, dir: string): readonly Entry[] {
  if (!existsSync(join(root, 'dist'))) throw notBuilt(root);
  return PARTS.filter((part) => existsSync(join(root, part))).flatMap((part) => [
    ...listEntries(join(root, part), `${dir}/${part}`, (name) => !UNWANTED.test(name)),
  ]);
}

/** Tag of an image of this version, different for different files and for different `rest`. */
export function tagFor(version: string, files: readonly Entry[], ...rest: readonly string[]): string {
  const hash = createHash('sha256').update(rest.join('\n'));
  for (const file of files) {
    hash.update(`\n${file.path}\n`);
    if (file.kind === 'file') hash.update(readFileSync(file.source));
  }
  return `goose-mesh:${version}-${hash.digest('hex').slice(0, 16)}`;
}

function notBuilt(root: string): MeshError {
  const message = `goose-mesh is not built: ${join(root, 'dist')} was expected, but is not there.`;
  return new MeshError('environment', message, { hint: 'Run npm run build.' });
}
