import pg from 'pg';
import { pino } from 'pino';
import type { Session, SessionEvent, SessionState } from '../../../src/core/session.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { createSession } from '../../../src/store/sessions/create.ts';
import { transitionSession } from '../../../src/store/sessions/transition.ts';
import { createTestDatabase } from '../../support/postgres.ts';

/** A migrated database with the store's own access to it, and raw SQL beside that. */
export async function openTestStore() {
  const database = await createTestDatabase();
  const db = openDatabase({ url: database.url, pool: 10, log: pino({ level: 'silent' }) });
  const raw = new pg.Pool({ connectionString: database.url, max: 10 });
  // A connection that is on its way out may still be told that its database goes.
  raw.on('error', () => undefined);
  return {
    url: database.url,
    db,
    /** One statement by hand; rejects with PostgreSQL's error. */
    async sql<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      return (await raw.query<Row>(text, [...values])).rows;
    },
    /** A connection of the test's own, for transactions by hand. Released by the caller. */
    connect: () => raw.connect(),
    async [Symbol.asyncDispose]() {
      await raw.end();
      await db[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

export type TestStore = Awaited<ReturnType<typeof openTestStore>>;

/** Events that lead a new session into a state. */
const WAYS: Readonly<Record<SessionState, readonly SessionEvent[]>> = {
  pending: [],
  active: ['activate'],
  paused: ['activate', 'pause'],
  completed: ['activate', 'complete'],
  failed: ['activate', 'fail'],
  expired: ['expire'],
};

export async function sessionIn(db: Database, state: SessionState, taskId?: string): Promise<Session> {
  let session = await createSession(db, {
    role: 'finance',
    agent: 'finance',
    owner: 'user:alice',
    task_id: taskId ?? null,
    trace_id: 'f'.repeat(32),
    metadata: {},
    actor: 'user:alice',
  });
  for (const event of WAYS[state]) {
    const moved = await transitionSession(db, { id: session.id, event, actor: 'test', reason: null });
    session = moved?.session ?? session;
  }
  return session;
}
