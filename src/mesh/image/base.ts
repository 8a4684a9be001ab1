import { findGoose, findPostgres } from './binaries.ts';
import { type Entry, listEntries } from './entry.ts';
import { hashOf } from './identity.ts';
import type { Installation, InstalledPackage } from './packages.ts';
import type { Place } from './places.ts';
import { listMissingLinks } from './postgres.ts';
import { LOADER_CACHE, listSystem } from './system.ts';

/** What every version of our own code runs on: the system, Node, Goose, PostgreSQL and the packages. */
export interface Base {
  readonly tag: string;
  readonly entries: Iterable<Entry>;
}

/** Only people and compilers read these. */
const UNWANTED = /\.(d\.[cm]?ts|map|md|markdown)$/i;

export async function describeBase(
  { dependencies, links }: Installation,
  place: Place,
  uid: number,
): Promise<Base> {
  const goose = findGoose(dependencies);
  const postgres = findPostgres(dependencies);
  const programs = [
    { dir: goose.dir, programs: ['bin/goose'] },
    { dir: postgres.dir, programs: ['native/bin/postgres', 'native/bin/initdb'] },
  ];
  const entries = [
    ...(await listSystem(programs, uid)),
    ...links.map(({ path, target }): Entry => ({ kind: 'link', path: place(path), target: place(target) })),
    ...listMissingLinks(postgres, place(postgres.dir)),
  ];
  const identity = {
    node: process.version,
    packages: dependencies.map(({ name, version, dir }) => [name, version, place(dir)]),
    // Where the files come from makes no difference, nor what else the loader may find on this machine.
    entries: entries
      .filter(({ path }) => path !== LOADER_CACHE)
      .map((entry) => ({ ...entry, source: undefined })),
  };
  return {
    tag: `goose-mesh-base:${hashOf(identity)}`,
    entries: listAll(entries, dependencies, place),
  };
}

/** Lists the files of the packages last and lazily: they are thousands, and only needed for building. */
function* listAll(
  entries: readonly Entry[],
  packages: readonly InstalledPackage[],
  place: Place,
): Generator<Entry> {
  yield* entries;
  const isWanted = (name: string) => name !== 'node_modules' && !UNWANTED.test(name);
  for (const { dir } of packages) yield* listEntries(dir, place(dir), isWanted);
}
