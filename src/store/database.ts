import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { MeshError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { BatchingSocket } from './batching-socket.ts';
import { CHANNELS } from './channels.ts';
import { toStoreError } from './errors.ts';
import { createHerald } from './herald.ts';
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
  /** Tells the other processes that there may be new events. */
  tellEvents(): void;
  /** Names this process in what it tells. */
  readonly origin: string;
  /** A connection of its own, outside the pool, for LISTEN. */
  readonly connection: pg.ClientConfig;
}

export interface DatabaseOptions {
  /** postgres:// URL. */
  readonly url: string;
  readonly pool: number;
  readonly log: Logger;
  /**
   * Called when events were committed here, or may have been; other processes are told as well. Without it, PostgreSQL
   * tells everybody with every commit.
   */
  readonly onEvents?: () => void;
}

/** The trigger notify_events of migration 0001 then leaves it to us. */
const TELLS_EVENTS = '-c goose_mesh.tells_events=on';
const TELL = { name: 'tell_events', text: 'select pg_notify($1, $2)' };

/** Thrown inside a transaction that has read what is so no longer: all it did is undone, and it begins anew. */
export class OutdatedReadError extends Error {
  override readonly name = 'OutdatedReadError';
}

const CONNECT_TIMEOUT_MS = 3000;
const STATEMENT_TIMEOUT_MS = 20_000;
/** A controller that froze or fell off the network must not keep its locks for longer than this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 20_000;
const TRANSACTION_TRIES = 3;
/** An outdated read means that somebody else has got on, so it cannot go on for ever. */
const OUTDATED_TRIES = 30;

export function openDatabase({ url, pool: max, log, onEvents }: DatabaseOptions): Database {
  const connection: pg.ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'goose-mesh',
    options: ['-c timezone=UTC', ...(onEvents === undefined ? [] : [TELLS_EVENTS])].join(' '),
    keepAlive: true,
    types,
  };
  const pool = new pg.Pool({
    ...connection,
    // What a transaction need not wait for goes out together: a round trip costs more than most statements.
    pipeline: true,
    stream: () => new BatchingSocket(),
    max,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
  // An idle connection that breaks is dropped by the pool; without a listener Node would end the process.
  pool.on('error', (error) => {
    log.warn({ err: error }, 'a database connection broke');
  });
  const origin = randomUUID();
  const herald = createHerald(() => run(pool, TELL, [CHANNELS.events, origin]));

  return {
    connection,
    origin,
    query: (statement, values) =>
      withRetries(log, () => withConnection((connected) => connected.query(statement, values))),
    transaction: (work) => withRetries(log, () => withConnection((connected) => transact(connected, work))),
    tellEvents: () => {
      herald.tell();
    },
    async [Symbol.asyncDispose]() {
      await herald[Symbol.asyncDispose]();
      await pool.end();
    },
  };

  async function withConnection<T>(work: (connected: Connected) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((error: unknown) => {
      throw toStoreError(error);
    });
    let broken: Error | undefined;
    const written = { events: false };
    const discard = (error: Error) => {
      broken = error;
    };
    // Between two statements nobody waits for the connection; if it breaks then, the next statement tells.
    client.on('error', discard);
    try {
      return await work({
        client,
        discard,
        query: (statement, values) => {
          written.events ||= writesEvents(statement);
          return run(client, statement, values);
        },
      });
    } finally {
      client.off('error', discard);
      client.release(broken);
      // Also when it was rolled back: to look for nothing does no harm, and after a broken commit there may be something.
      if (written.events && onEvents !== undefined) {
        onEvents();
        herald.tell();
      }
    }
  }
}

/** Statements like others, so that they go out with others. */
const BEGIN = { name: 'begin', text: 'begin' };
const COMMIT = { name: 'commit', text: 'commit' };

/** A connection that was taken out of the pool. */
interface Connected {
  readonly client: pg.PoolClient;
  readonly query: Queryable['query'];
  /** It is of no more use. */
  readonly discard: (error: Error) => void;
}

const WRITES_EVENTS = /\binsert into events\b|\bprune_events\(/;
const known = new WeakMap<Statement, boolean>();

function writesEvents(statement: Statement): boolean {
  const before = known.get(statement);
  if (before !== undefined) return before;
  const found = WRITES_EVENTS.test(statement.text);
  known.set(statement, found);
  return found;
}

async function transact<T>(
  { client, discard, query }: Connected,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  try {
    // Not waited for: the first statement follows on its heels, and what keeps this from beginning keeps that from working.
    const began = client.query(BEGIN);
    began.catch(() => undefined);
    const result = await work({ query });
    await began;
    await client.query(COMMIT);
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: unknown) => {
      discard(rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError)));
    });
    throw toStoreError(error);
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
      if (tries >= (isOutdated ? OUTDATED_TRIES : TRANSACTION_TRIES)) throw toBusyError(error, tries);
      if (!isOutdated) log.warn({ err: error }, 'a transaction clashed with another and is tried again');
    }
  }
}

function toBusyError(error: unknown, tries: number): MeshError {
  return new MeshError('unavailable', `The database gave up ${tries} times on clashing changes.`, {
    hint: 'Try again.',
    cause: error,
  });
}

/** Class 40 of SQLSTATE: deadlock, serialization failure. The same transaction may succeed now. */
function isSerializationFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code?.startsWith('40') ?? false);
}
