import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MeshError } from '../../core/errors.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** A package and everything that it needs at run time, each once. */
export interface Installation {
  readonly self: InstalledPackage;
  readonly dependencies: readonly InstalledPackage[];
  /** Where a package is looked up, when that is a link to the folder (workspaces, `npm link`, pnpm). */
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Real path of its folder. */
  readonly dir: string;
}

/**
 * Finds the packages that `root` needs at run time by looking them up as Node does, so that it does not matter
 * whether they are below the package (a checkout) or beside it (an installed tarball). What only development
 * needs is not reached.
 */
export function findInstallation(root: string): Installation {
  const found = new Map<string, InstalledPackage>();
  const links = new Map<string, string>();
  const dirs = [realpathSync(root)];
  for (const dir of dirs) {
    if (found.has(dir)) continue;
    const manifest = readManifest(dir);
    found.set(dir, { name: manifest.name, version: manifest.version, dir });
    for (const { name, required } of listDependencies(manifest)) {
      const path = findPackage(dir, name);
      if (path === undefined && required) throw missing(name, manifest.name);
      if (path === undefined) continue;
      const target = realpathSync(path);
      if (target !== path) links.set(path, target);
      dirs.push(target);
    }
  }
  const [self, ...dependencies] = found.values();
  if (self === undefined) throw new Error('unreachable: the walk begins with the package itself');
  return { self, dependencies, links: [...links].map(([path, target]) => ({ path, target })) };
}

/** What Node's resolution does with a bare name, but for the folder itself: its exports do not matter here. */
export function findPackage(from: string, name: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    const path = join(dir, 'node_modules', name);
    if (basename(dir) !== 'node_modules' && existsSync(join(path, 'package.json'))) return path;
    if (dir === dirname(dir)) return undefined;
  }
}

/**
 * npm lists an optional dependency among the ordinary ones too, so what is optional in either list is optional.
 * A peer is not required here either: where it is missing, npm has already said so.
 */
function listDependencies(manifest: Manifest) {
  const peers = Object.keys(manifest.peerDependencies).filter(
    (name) => manifest.peerDependenciesMeta[name]?.optional !== true,
  );
  const optional = new Set([...Object.keys(manifest.optionalDependencies), ...peers]);
  const required = Object.keys(manifest.dependencies).filter((name) => !optional.has(name));
  return [
    ...required.map((name) => ({ name, required: true })),
    ...[...optional].map((name) => ({ name, required: false })),
  ];
}

function missing(name: string, by: string): MeshError {
  return new MeshError('environment', `The package ${name}, which ${by} needs, is not installed.`, {
    hint: 'Run npm ci (in a checkout) or npm install goose-mesh again.',
  });
}
