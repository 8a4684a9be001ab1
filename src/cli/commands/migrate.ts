import type { Command } from 'commander';
import type { MigrationStatus } from '../../core/migration.ts';
import { requireDatabaseUrl } from '../../mesh/database-url.ts';
import { migrate, readMigrationStatus } from '../../store/migrations/migrate.ts';
import { refuseMismatch } from '../../store/migrations/status.ts';
import { askDatabase } from '../given-database.ts';
import { globalOptions } from '../global-options.ts';
import { createOutput } from '../output.ts';
import { openProject } from '../project.ts';
import { requireRunningMesh } from '../running-mesh.ts';
import { renderTable } from '../table.ts';

interface Options {
  readonly databaseUrl?: string;
}

/** A database that was given is reached directly; the bundled one only through the controller. */
export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('Migrations of the database; `up` applies them by itself');
  const databaseUrl = ['--database-url <url>', 'this database instead of the one of the mesh'] as const;

  command
    .command('up')
    .description('Apply the migrations that wait')
    .option(...databaseUrl)
    .action(async (options: Options, self: Command) => {
      const url = await findUrl(options, self);
      print(
        self,
        url === undefined ? await throughController(self, 'apply') : await askDatabase(url, migrate),
      );
    });

  command
    .command('status')
    .description('Show which migrations are applied, waiting, edited or missing')
    .option(...databaseUrl)
    .action(async (options: Options, self: Command) => {
      const url = await findUrl(options, self);
      const status =
        url === undefined
          ? await throughController(self, 'status')
          : await askDatabase(url, readMigrationStatus);
      print(self, status);
      refuseMismatch(status);
    });
}

async function findUrl({ databaseUrl }: Options, command: Command): Promise<string | undefined> {
  if (databaseUrl !== undefined) return requireDatabaseUrl('--database-url', databaseUrl);
  return (await openProject(globalOptions(command))).spec.database.url;
}

async function throughController(
  command: Command,
  what: 'apply' | 'status',
): Promise<readonly MigrationStatus[]> {
  const mesh = await requireRunningMesh(await openProject(globalOptions(command)));
  const client = mesh.client();
  return client.migrations[what]().finally(() => client.close());
}

function print(command: Command, migrations: readonly MigrationStatus[]): void {
  createOutput(globalOptions(command).json).print(migrations, () =>
    renderTable(migrations, [
      { title: 'VERSION', value: ({ version }) => version },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'STATE', value: ({ state }) => state },
      { title: 'APPLIED', value: ({ applied_at }) => applied_at },
    ]),
  );
}
