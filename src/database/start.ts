import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatabaseConfig } from '../core/config.ts';
import type { Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';
import { initialiseCluster } from './cluster.ts';
import { chooseOwner, giveTo } from './owner.ts';
import { checkPassage } from './passage.ts';
import { choosePort } from './port.ts';
import { findProgram } from './program.ts';
import { provisionDatabase } from './provision.ts';
import { runServer } from './server.ts';
import { writeSettings } from './settings.ts';
import { prepareSocketDir } from './socket-dir.ts';

/**
 * Runs the bundled PostgreSQL server on `config.data_dir` and resolves when `config.user` can log in.
 *
 * Layout of the data directory: `cluster/` is PostgreSQL's own, `run/` has the socket of its superuser, and
 * `program-<version>/` a copy of the binaries where those of the npm package cannot be used.
 */
export async function startDatabase(config: DatabaseConfig, log: Logger): Promise<RunningPart> {
  const dataDir = resolve(config.data_dir);
  const port = await choosePort(config.listen);
  const owner = await chooseOwner();
  await mkdir(dataDir, { recursive: true, mode: owner.isOther ? 0o711 : 0o700 });
  await giveTo(owner, dataDir);
  await checkPassage(owner, dataDir);

  const program = await findProgram(owner, dataDir);
  const cluster = join(dataDir, 'cluster');
  const context = { program, owner, cluster, log };
  await initialiseCluster(context, config);
  const socketDir = await prepareSocketDir(owner, dataDir);
  await writeSettings(owner, cluster, { ...config, listen: { ...config.listen, port }, socketDir });

  const server = await runServer(context);
  const close = async () => {
    await server.close();
    await rm(socketDir, { recursive: true, force: true });
  };
  try {
    await provisionDatabase(config, { socketDir, port });
  } catch (error) {
    await close();
    throw error;
  }
  return { port, failed: server.failed, close };
}
