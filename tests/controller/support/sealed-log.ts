import { setTimeout as delay } from 'node:timers/promises';
import { type LogPins, type LogSource, verifyLog } from '../../../src/client/verify-log.ts';
import { sealEvents } from '../../../src/controller/work/seal-events.ts';
import { readAuditEvents } from '../../../src/store/audit-events.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { listSeals } from '../../../src/store/seals.ts';
import { openTestStore, type TestStore } from '../../store/support/store.ts';

const WRITE = `insert into events (at, kind, actor, subject, data)
               select now() - $2 * interval '1 day', 'task.routed', 'user:alice', 'task:' || n, jsonb_build_object('amount', n)
               from generate_series(1, $1::int) n`;

/** A log of a test's own, with the pages of the seals and events so small that every reader turns them. */
export async function openSealedLog() {
  const store = await openTestStore();
  const source: LogSource = {
    seals: ({ after }) => listSeals(store.db, { after, limit: 2 }),
    events: ({ after, up_to }) => readAuditEvents(store.db, { after, upTo: up_to, limit: 7 }),
  };
  return {
    ...store,
    write: (count: number, daysAgo = 0) => store.sql(WRITE, [count, daysAgo]),
    /** Seals what there is, as a controller whose tail has come to the end of the log. */
    seal: (db: Database = store.db) => sealTo(store, db),
    verify: (pins: LogPins = {}) => verifyLog(source, pins),
    source,
    /** What someone does who owns the database. */
    async tamper(...statements: readonly string[]) {
      for (const table of ['events', 'event_seals'])
        await store.sql(`alter table ${table} disable trigger user`);
      for (const statement of statements) await store.sql(statement);
      for (const table of ['events', 'event_seals'])
        await store.sql(`alter table ${table} enable trigger user`);
    },
    async seqs(): Promise<readonly number[]> {
      const rows = await store.sql<{ seq: string }>('select seq from events order by seq');
      return rows.map(({ seq }) => Number(seq));
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

export type SealedLog = Awaited<ReturnType<typeof openSealedLog>>;

async function sealTo(store: TestStore, db: Database): Promise<void> {
  const [end] = await store.sql<{ seq: string }>('select coalesce(max(seq), 0) as seq from events');
  const tail = { position: Number(end?.seq) };
  for (let left: string = 'more'; left !== 'nothing'; ) {
    left = await sealEvents({ db, tail });
    if (left === 'busy') await delay(2);
  }
}

/** The database as another controller reaches it. */
export const openAnother = (log: SealedLog, logger: Parameters<typeof openDatabase>[0]['log']) =>
  openDatabase({ url: log.url, pool: 4, log: logger });
