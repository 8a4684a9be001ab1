import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findPackageRoot } from '../core/package-root.ts';

const Manifest = z.object({ version: z.string() });

/** The version of this package. */
export async function readVersion(): Promise<string> {
  const text = await readFile(join(findPackageRoot(), 'package.json'), 'utf8');
  return Manifest.parse(JSON.parse(text)).version;
}
