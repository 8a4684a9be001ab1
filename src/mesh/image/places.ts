import { basename, dirname, join, relative, sep } from 'node:path';
import type { Installation } from './packages.ts';

/** Gives a path on this machine its path in the image. */
export type Place = (path: string) => string;

/** The folder of the image that holds the packages. */
const APP = '/app';

/**
 * Packages keep their places relative to each other, so Node resolves every import in the image exactly as it does
 * here.
 */
export function placeInstallation({ self, dependencies, links }: Installation): Place {
  const folders = [...dependencies.map(({ dir }) => dir), ...links.map(({ path }) => path)];
  const shared = folders.reduce(sharedFolder, self.dir);
  // Beside each other they are only found below a folder of that name.
  const top = basename(shared) === 'node_modules' ? dirname(shared) : shared;
  return (path) => join(APP, relative(top, path));
}

function sharedFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== b && !b.startsWith(folder.endsWith(sep) ? folder : folder + sep))
    folder = dirname(folder);
  return folder;
}
