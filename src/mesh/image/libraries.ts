import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { MeshError, messageOf } from '../../core/errors.ts';

const run = promisify(execFile);

/** Before glibc 2.34 the C library loads these by name when it looks up hosts and users; `ldd` cannot know. */
const LOADED_BY_LIBC = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

/**
 * Paths of the shared libraries that the programs need on this machine, the loader included, as the loader itself
 * finds them (`ldd`). What it does not find is left out: it may be a library that a package brings.
 */
export async function listLibraries(programs: readonly string[]): Promise<readonly string[]> {
  // "libm.so.6 => /lib/libm.so.6 (0x...)" or, for the loader, "/lib64/ld-linux-x86-64.so.2 (0x...)".
  const found = [...(await askLoader(programs)).matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) =>
    normalize(path),
  );
  const beside = found
    .filter((path) => basename(path) === 'libc.so.6')
    .flatMap((libc) => LOADED_BY_LIBC.map((name) => join(dirname(libc), name)))
    .filter((path) => existsSync(path));
  return [...new Set([...found, ...beside])].sort();
}

async function askLoader(programs: readonly string[]): Promise<string> {
  try {
    return (await run('ldd', programs)).stdout;
  } catch (error) {
    // 1: one of the programs is linked statically.
    if (error instanceof Error && 'code' in error && error.code === 1 && 'stdout' in error)
      return String(error.stdout);
    throw new MeshError(
      'environment',
      `The libraries of Node and Goose cannot be listed: ${messageOf(error)}`,
      {
        hint: 'ldd is part of the C library (Debian: libc-bin).',
        cause: error,
      },
    );
  }
}
