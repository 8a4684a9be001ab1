import { MeshError } from '../../core/errors.ts';
import type { MigrationStatus } from '../../core/migration.ts';
import type { MigrationFile } from './files.ts';

export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly applied_at: string;
}

/** Sets the files against what the database says was applied. */
export function compareMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): readonly MigrationStatus[] {
  const newest = files.at(-1)?.version ?? 0;
  const own = files.map((file) =>
    stateOfFile(
      file,
      applied.find(({ version }) => version === file.version),
    ),
  );
  const others = applied
    .filter(({ version }) => !files.some((file) => file.version === version))
    .map(({ version, name, applied_at }) => {
      return { version, name, state: version > newest ? 'unknown' : 'missing', applied_at } as const;
    });
  return [...own, ...others].sort((a, b) => a.version - b.version);
}

function stateOfFile(file: MigrationFile, row: AppliedMigration | undefined): MigrationStatus {
  const { version, name, checksum } = file;
  if (row === undefined) return { version, name, state: 'waiting', applied_at: null };
  return {
    version,
    name,
    state: row.checksum === checksum ? 'applied' : 'edited',
    applied_at: row.applied_at,
  };
}

/** Throws if the status shows a database that this version must not work on. */
export function refuseMismatch(status: readonly MigrationStatus[]): void {
  for (const { version, name, state } of status) {
    if (state === 'applied' || state === 'waiting') continue;
    const file = `${String(version).padStart(4, '0')}_${name}.sql`;
    const { message, hint } = MISMATCH[state];
    throw new MeshError('migration', message(file), { hint, details: { migration: file, state } });
  }
}

const MISMATCH = {
  edited: {
    message: (file: string) => `Migration ${file} was edited after it was applied to this database.`,
    hint: 'Restore the file, and put the change into a new migration.',
  },
  missing: {
    message: (file: string) => `Migration ${file} was applied to this database, but the file is not there.`,
    hint: 'Restore the file: it belongs to this version of goose-mesh.',
  },
  unknown: {
    message: (file: string) => `The database is newer than this goose-mesh: it has migration ${file}.`,
    hint: 'Use the version of goose-mesh that migrated it, or a newer one.',
  },
} as const;
