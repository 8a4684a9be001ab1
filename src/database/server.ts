import { createInterface } from 'node:readline';
import { MeshError } from '../core/errors.ts';
import type { ClusterContext } from './context.ts';
import { readLogLine } from './log-line.ts';
import { findStaleHolder } from './stale-lock.ts';
import { spawnTied, type TiedProcess } from './tied.ts';

const READY = 'database system is ready to accept connections';
const LINES_KEPT = 3;
const SHUTDOWN_MS = 10_000;

export interface Server {
  /** Rejects when the server ends without having been closed. */
  readonly failed: Promise<never>;
  /** Ends it in order: sessions are cut, everything is written to disk. */
  close(): Promise<void>;
}

/** Starts the server process and resolves when it accepts connections, recovered from any crash before. */
export async function runServer({ program, owner, cluster, log }: ClusterContext): Promise<Server> {
  const stale = await findStaleHolder(cluster);
  const process = spawnTied([program.postgres, '-D', cluster], {
    owner,
    cwd: cluster,
    // Ends the server at once and for sure, at the price of a recovery at the next start.
    orphanSignal: 'QUIT',
    // By this pg_ctl names a process that is no other server, although the lock file names it too.
    env: stale === undefined ? {} : { PG_GRANDPARENT_PID: stale },
  });
  const lastLines: string[] = [];
  let closing = false;

  const ready = new Promise<void>((resolve) => {
    createInterface({ input: process.stderr }).on('line', (line) => {
      const { level, message } = readLogLine(line);
      log[level]({ source: 'postgres' }, message);
      lastLines.push(message);
      if (lastLines.length > LINES_KEPT) lastLines.shift();
      if (message === READY) resolve();
    });
  });
  const failed = process.exited.then(({ code, signal }) => {
    if (closing) return new Promise<never>(() => undefined);
    throw new MeshError(
      'environment',
      `PostgreSQL ended with ${signal ?? `code ${code ?? '?'}`}: ${lastLines.join('; ')}`,
    );
  });
  failed.catch(() => undefined);

  await Promise.race([ready, failed]);
  return {
    failed,
    close: async () => {
      closing = true;
      await shutDown(process);
    },
  };
}

async function shutDown(process: TiedProcess): Promise<void> {
  // Fast shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
  process.signal('SIGINT');
  const late = setTimeout(() => {
    process.signal('SIGKILL');
  }, SHUTDOWN_MS);
  await process.exited;
  clearTimeout(late);
}
