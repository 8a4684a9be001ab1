import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DatabaseConfig } from '../core/config.ts';
import { MeshError } from '../core/errors.ts';
import type { ClusterContext } from './context.ts';
import { giveTo, giveTreeTo, type Owner } from './owner.ts';
import { seedCluster } from './seed.ts';
import { SUPERUSER } from './settings.ts';
import { spawnTied } from './tied.ts';

/** Makes the cluster unless there is one, which then must be of this version. */
export async function initialiseCluster(context: ClusterContext, config: DatabaseConfig): Promise<void> {
  const { cluster, owner, program } = context;
  if (!existsSync(cluster)) {
    await removeDrafts(cluster);
    await createCluster(context, config);
  }
  await checkVersion(cluster, program.major);
  giveTreeTo(owner, cluster);
}

/** Made under another name and then renamed, so that an interrupted attempt leaves no half of a cluster. */
async function createCluster(
  { program, owner, cluster, log }: ClusterContext,
  config: DatabaseConfig,
): Promise<void> {
  const startedAt = performance.now();
  const draft = await mkdtemp(`${cluster}.draft-`);
  try {
    await giveTo(owner, draft);
    await runInitdb(program.initdb, draft, owner);
    await seedCluster({ program, owner, cluster: draft, log }, config);
    await rename(draft, cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  log.info({ duration_ms: Math.round(performance.now() - startedAt) }, 'database initialised');
}

/**
 * The built-in locale C.UTF-8 sorts by code points and is the same on every machine, whatever its libc. Without
 * --no-sync, initdb takes a third longer and more on slow disks; the price is that a power failure within seconds,
 * before the kernel writes by itself, may ruin the new cluster. The authentication methods are placeholders:
 * ./settings.ts writes the real ones before every start.
 */
async function runInitdb(initdb: string, directory: string, owner: Owner): Promise<void> {
  const options = [
    ['--pgdata', directory],
    ['--username', SUPERUSER],
    ['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ['--auth-local', 'reject', '--auth-host', 'reject'],
    ['--no-sync', '--no-instructions'],
  ].flat();
  const process = spawnTied([initdb, ...options], { owner, cwd: directory, orphanSignal: 'TERM' });
  const [output, { code, signal }] = await Promise.all([text(process.stderr), process.exited]);
  if (code === 0) return;
  throw new MeshError(
    'environment',
    `initdb ended with ${signal ?? `code ${code ?? '?'}`}: ${output.trim()}`,
    {
      hint: `Check that ${dirname(directory)} is on a local disk with room for 100 MB.`,
    },
  );
}

/** A start that was killed cannot clean up after itself. */
async function removeDrafts(cluster: string): Promise<void> {
  const directory = dirname(cluster);
  for (const name of await readdir(directory)) {
    if (name.startsWith(`${basename(cluster)}.draft-`))
      await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function checkVersion(cluster: string, expected: string): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (found === expected) return;
  throw new MeshError(
    'environment',
    `The data in ${cluster} is of PostgreSQL ${found}, but this is PostgreSQL ${expected}.`,
    {
      hint: `Dump it with PostgreSQL ${found} and restore it here, use the goose-mesh that made it, or remove it to start anew.`,
    },
  );
}
