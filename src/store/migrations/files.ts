import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MeshError, messageOf } from '../../core/errors.ts';
import { findPackageRoot } from '../../core/package-root.ts';

/** The migrations of this version of goose-mesh. */
export const MIGRATIONS_DIR = join(findPackageRoot(), 'migrations');

export interface MigrationFile {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, in hex. */
  readonly checksum: string;
}

/** Reads the numbered SQL files of a directory in their order. */
export async function readMigrationFiles(dir: string): Promise<readonly MigrationFile[]> {
  const names = (await listFiles(dir)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map((name) => readMigrationFile(dir, name)));
  const twice = files.find(({ version }, index) => files[index - 1]?.version === version);
  if (twice !== undefined) {
    throw new MeshError(
      'migration',
      `Every migration needs a number of its own, but ${dir} has ${twice.version} twice.`,
    );
  }
  return files;
}

async function listFiles(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch((error: unknown) => {
    throw new MeshError('migration', `Cannot read the migrations in ${dir}: ${messageOf(error)}.`, {
      hint: 'They are part of the package; install it again.',
      cause: error,
    });
  });
}

async function readMigrationFile(dir: string, fileName: string): Promise<MigrationFile> {
  const [, version, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(fileName) ?? [];
  if (version === undefined || name === undefined) {
    throw new MeshError(
      'migration',
      `A migration is named 0001_some_name.sql, but ${dir} holds ${fileName}.`,
    );
  }
  const sql = await readFile(join(dir, fileName), 'utf8');
  return { version: Number(version), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
