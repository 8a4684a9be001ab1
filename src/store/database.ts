import pg from 'pg';
import { MeshError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { toStoreError } from './errors.ts';
import { types } from './types.ts';

/** A statement with a name of its own, so that PostgreSQL plans it once for each connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements: a pool (each in a transaction of its own) or an open transaction. */
export interface Queryable {
  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface Database extends Queryable, AsyncDisposable {
  /** Runs `work` in one transaction; what it throws rolls back. Deadlocks and outdated reads are tried again. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** A connection of its own, outside the pool, for LISTEN. */
  readonly connection: pg.ClientConfig;
}

export interface DatabaseOptions {
  /** postgres:// URL. */
  readonly url: string;
  readonly pool: number;
  readonly log: Logger;
}

/** Thrown inside a transaction that has read what is so no longer: all it did is undone, and it begins anew. */
export class OutdatedReadError extends Error {
  override readonly name = 'OutdatedReadError';
}

const CONNECT_TIMEOUT_MS = 3000;
const STATEMENT_TIMEOUT_MS = 20_000;
/** A controller that froze or fell off the network must not keep its locks for longer than this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 20_000;
const TRANSACTION_TRIES = 3;

export function openDatabase({ url, pool: max, log }: DatabaseOptions): Database {
  const connection: pg.ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'goose-mesh',
    options: '-c timezone=UTC',
    keepAlive: true,
    types,
  };
  const pool = new pg.Pool({
    ...connection,
    max,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
  // An idle connection that breaks is dropped by the pool; without a listener Node would end the process.
  pool.on('error', (error) => {
    log.warn({ err: error }, 'a database connection broke');
  });

  return {
    connection,
    query: (statement, values) => withRetries(log, () => run(pool, statement, values)),
    transaction: (work) => withRetries(log, () => transact(pool, work)),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function transact<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  let broken: Error | undefined;
  // Between two statements nobody waits for the connection; if it breaks then, the next statement tells.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work({ query: (statement, values) => run(client, statement, values) });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: unknown) => {
      broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
    });
    throw toStoreError(error);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function run<Row>(
  target: pg.Pool | pg.PoolClient,
  { name, text }: Statement,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  try {
    const result = await target.query({ name, text, values: [...values] });
    return result.rows as Row[];
  } catch (error) {
    throw toStoreError(error);
  }
}

async function withRetries<T>(log: Logger, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isOutdated = error instanceof OutdatedReadError;
      if (!isOutdated && !isSerializationFailure(error)) throw error;
      if (tries === TRANSACTION_TRIES) throw toBusyError(error);
      if (!isOutdated) log.warn({ err: error }, 'a transaction clashed with another and is tried again');
    }
  }
}

function toBusyError(error: unknown): MeshError {
  return new MeshError(
    'unavailable',
    `The database gave up ${TRANSACTION_TRIES} times on clashing changes.`,
    {
      hint: 'Try again.',
      cause: error,
    },
  );
}

/** Class 40 of SQLSTATE: deadlock, serialization failure. The same transaction may succeed now. */
function isSerializationFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code?.startsWith('40') ?? false);
}
