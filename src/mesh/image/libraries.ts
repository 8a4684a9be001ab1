import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MeshError, messageOf } from '../../core/errors.ts';

const run = promisify(execFile);

/** Before glibc 2.34 the C library loads these by name when it looks up hosts and users; `ldd` cannot know. */
const LOADED_BY_LIBC = ['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'];

/**
 * Paths of the shared libraries that the programs need on this machine, the loader included, as the loader itself
 * finds them (`ldd`).
 */
export async function listLibraries(programs: readonly string[]): Promise<readonly string[]> {
  // One program a call: `ldd` exits with 1 if any of several is linked statically.
  const found = await Promise.all(programs.map(listLibrariesOf));
  const libraries = new Set(found.flat());
  for (const libc of found.flat().filter((path) => path.endsWith('/libc.so.6'))) {
    for (const name of LOADED_BY_LIBC) {
      const path = join(dirname(libc), name);
      if (existsSync(path)) libraries.add(path);
    }
  }
  return [...libraries].sort();
}

async function listLibrariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]).catch((error: unknown) => {
    throw new MeshError('environment', `The libraries of ${program} cannot be listed: ${messageOf(error)}`, {
      hint: 'ldd is part of the C library (Debian: libc-bin).',
      cause: error,
    });
  });
  const absent = /^\s*(\S+) => not found/m.exec(stdout);
  if (absent !== null) {
    throw new MeshError(
      'environment',
      `${program} needs the library ${absent[1] ?? ''}, which is not installed.`,
    );
  }
  // "libm.so.6 => /lib/libm.so.6 (0x...)" or, for the loader, "/lib64/ld-linux-x86-64.so.2 (0x...)".
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => join('/', match[1] ?? ''));
}
