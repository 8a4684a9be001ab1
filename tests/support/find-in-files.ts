import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The files below a directory in which a text stands, in whatever encoding of its ASCII. Links are not followed. */
export async function findInFiles(root: string, text: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        // One that goes meanwhile holds nothing.
        const content = await readFile(path).catch(() => Buffer.of());
        return content.includes(text) ? [relative(root, path)] : [];
      }),
  );
  return found.flat().sort();
}
