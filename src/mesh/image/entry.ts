import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One thing in an image. Paths are absolute in the image; what has no owner belongs to root. */
export type Entry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly source: string;
      readonly size: number;
      readonly mode: number;
    }
  | { readonly kind: 'text'; readonly path: string; readonly text: string }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number; readonly uid?: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/**
 * The files and links below `source` (or `source` itself) as entries below `path`. Modes are those of a package:
 * readable by all, whatever the umask was when it was installed.
 */
export function* listEntries(
  source: string,
  path: string,
  isWanted: (name: string) => boolean = () => true,
): Generator<Entry> {
  const found = lstatSync(source);
  if (found.isSymbolicLink()) {
    yield { kind: 'link', path, target: readlinkSync(source) };
  } else if (found.isFile()) {
    yield { kind: 'file', path, source, size: found.size, mode: (found.mode & 0o111) === 0 ? 0o644 : 0o755 };
  } else if (found.isDirectory()) {
    for (const name of readdirSync(source).sort()) {
      if (isWanted(name)) yield* listEntries(join(source, name), `${path}/${name}`, isWanted);
    }
  }
}
