import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { Entry } from './entry.ts';
import type { InstalledPackage } from './packages.ts';

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The links between PostgreSQL's libraries that are missing. npm packages hold no links, so a script of the package
 * makes them when it is installed, but not with `npm install --ignore-scripts`.
 */
export function* listMissingLinks({ dir }: InstalledPackage, path: string): Generator<Entry> {
  const list = join(dir, 'native', 'pg-symlinks.json');
  // Platforms whose libraries need no links have no such file.
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    if (existsSync(join(dir, target))) continue;
    yield { kind: 'link', path: `${path}/${target}`, target: relative(dirname(target), source) };
  }
}
