import { setTimeout as sleep } from 'node:timers/promises';
import type { ControllerConfig } from '../core/config.ts';
import { isMeshError } from '../core/errors.ts';
import { startHttpServer } from '../core/http-server.ts';
import type { Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';
import { compilePolicy } from '../core/policy/compile.ts';
import { compileDeputies } from '../core/policy/deputies.ts';
import { readDatabaseTime } from '../store/agents.ts';
import { CHANNELS } from '../store/channels.ts';
import { openDatabase } from '../store/database.ts';
import { listen } from '../store/listen.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { buildApp, type Readiness } from './app.ts';
import { loadKeys } from './auth/keys.ts';
import { createEventTail } from './stream/tail.ts';
import { applyApprovalPolicy } from './work/apply-policy.ts';
import { createWorkBell } from './work/bell.ts';
import { startSealer } from './work/sealer.ts';
import { startSweeper } from './work/sweeper.ts';

const DATABASE_RETRY_MS = 100;
const LOGIN_PATIENCE_MS = 10_000;

/**
 * Starts a controller: listens at once, waits for its database, migrates it, follows its log. Stateless, so any
 * number of controllers may work on one database.
 *
 * @throws MeshError migration (the database does not fit), environment (the server is too old, the port is taken),
 * conflict (a version of the approval policy says two things)
 */
export async function startController(config: ControllerConfig, log: Logger): Promise<RunningPart> {
  const open: (Disposable | AsyncDisposable)[] = [];
  const keep = <T extends Disposable | AsyncDisposable>(resource: T): T => {
    open.push(resource);
    return resource;
  };
  try {
    const { url, pool } = config.database;
    const onEvents = (): void => {
      tail.advance();
    };
    const db = keep(openDatabase({ url, pool, log, onEvents }));
    const bell = createWorkBell();
    const tail = keep(createEventTail(db, log));
    const policy = compilePolicy(config.approvals);
    const deputies = compileDeputies(config.people, config.approvals);
    const keys = await loadKeys(config.signing_key);
    const deps = { config, db, keys, policy, deputies, bell, tail, upSince, log };
    let startedAt = '';
    function upSince(): string {
      return startedAt;
    }
    const readiness: Readiness = { ready: false };
    const server = await startHttpServer(buildApp(deps, readiness).fetch, config.listen);
    keep({ [Symbol.asyncDispose]: () => server.close() });

    await whenReachable(log, async () => {
      const status = await migrate(config.database.url);
      log.info({ migrations: status.length }, 'database migrated');
      await applyApprovalPolicy(deps);
      await tail.open();
      startedAt = await readDatabaseTime(db);
    });
    readiness.ready = true;
    keep(startSweeper(deps));
    keep(startSealer(deps));
    keep(listen({ database: db, log, onNotify, onConnect }));
    // What the controller before this one had no time to tell.
    db.tellEvents();
    log.info({ retention_days: config.session_retention_days }, 'session lifecycle initialized');
    return {
      port: server.port,
      failed: new Promise<never>(() => undefined),
      close: () => closeAll(open),
    };

    function onNotify(channel: string, payload: string): void {
      if (channel === CHANNELS.events) tail.advance();
      else bell.ring(payload);
    }

    /** What was notified while the connection was away is looked for now. */
    function onConnect(): void {
      tail.advance();
      bell.ring();
    }
  } catch (error) {
    await closeAll(open);
    throw error;
  }
}

/** Closes in the reverse order of opening. (Node 22 has no AsyncDisposableStack.) */
async function closeAll(open: (Disposable | AsyncDisposable)[]): Promise<void> {
  for (const resource of open.splice(0).reverse()) {
    if (Symbol.asyncDispose in resource) await resource[Symbol.asyncDispose]();
    else resource[Symbol.dispose]();
  }
}

/**
 * A database that is away is waited for; one that does not fit ends the start. A login that is refused is tried for a
 * while longer: a server may be given its users, or a new password, after it listens.
 */
async function whenReachable(log: Logger, prepare: () => Promise<void>): Promise<void> {
  let refusedUntil = Number.POSITIVE_INFINITY;
  for (let tries = 0; ; tries += 1) {
    try {
      await prepare();
      return;
    } catch (error) {
      const isRefused = isMeshError(error) && error.code === 'configuration';
      if (isRefused) refusedUntil = Math.min(refusedUntil, performance.now() + LOGIN_PATIENCE_MS);
      const mayPass =
        isMeshError(error) && (error.retryable || (isRefused && performance.now() < refusedUntil));
      if (!mayPass) throw error;
      if (tries === 0) log.info({ reason: error.message }, 'waiting for the database');
      await sleep(DATABASE_RETRY_MS);
    }
  }
}
