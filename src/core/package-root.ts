import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this very package, wherever it was installed: the nearest one above with a package.json. */
export function findPackageRoot(): string {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
}
