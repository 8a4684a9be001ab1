import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEventTail } from '../../../src/controller/stream/tail.ts';
import { CHANNELS } from '../../../src/store/channels.ts';
import { listen } from '../../../src/store/listen.ts';
import { openTestStore, type TestStore } from '../../store/support/store.ts';

const log = pino({ level: 'silent' });
const INSERT = `insert into events (kind, actor, subject) values ('task.routed', 'test', 'task:1')`;
/** Gives the transaction its id before it draws a number of the log, as most of our transactions do. */
const TAKE_ID = 'select pg_current_xact_id()';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

/** A tail at the end of the log, woken by PostgreSQL, and the numbers that it delivers. */
async function follow() {
  const tail = createEventTail(store.db, log);
  await tail.open();
  const { position } = tail;
  const seen: number[] = [];
  tail.subscribe((events) => seen.push(...events.map(({ seq }) => seq)));
  const standing = Promise.withResolvers<undefined>();
  const listener = listen({
    database: store.db,
    log,
    onConnect: () => {
      standing.resolve(undefined);
    },
    onNotify: (channel) => {
      if (channel === CHANNELS.events) tail.advance();
    },
  });
  await standing.promise;
  return {
    seen,
    /** Waits until exactly what the log holds was delivered, in its order. */
    caughtUp: () =>
      vi.waitFor(async () => {
        expect(seen).toEqual((await logged()).filter((seq) => seq > position));
      }),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      tail[Symbol.dispose]();
    },
  };
}

test('an event is delivered when it is committed', async () => {
  await using tail = await follow();
  await store.sql(INSERT);
  await tail.caughtUp();
});

test('an event that commits after a later one is not passed over', async () => {
  await using tail = await follow();
  const [early, late] = [await begin(), await begin()];
  await late.query(TAKE_ID);
  await early.query(TAKE_ID);
  await early.query(INSERT);
  await late.query(INSERT);
  await commit(late);
  await idle();
  expect(tail.seen).toEqual([]);
  await commit(early);
  await tail.caughtUp();
});

test('a number that was rolled back does not stop the log', async () => {
  await using tail = await follow();
  const [lost, kept] = [await begin(), await begin()];
  await lost.query(INSERT);
  await kept.query(INSERT);
  await commit(kept);
  await lost.query('rollback');
  lost.release();
  await tail.caughtUp();
});

test('writers elsewhere on the server do not stop the log', async () => {
  await using tail = await follow();
  await using elsewhere = await openTestStore();
  const busy = await elsewhere.connect();
  await busy.query('begin');
  await busy.query(TAKE_ID);
  const lost = await begin();
  await lost.query(INSERT);
  await lost.query('rollback');
  lost.release();
  await store.sql(INSERT);
  await tail.caughtUp();
  await busy.query('rollback');
  busy.release();
});

test('a tail that opens while an earlier event is on its way does not pass it over', async () => {
  const early = await begin();
  await early.query(INSERT);
  await store.sql(INSERT);
  using opened = createEventTail(store.db, log);
  const opening = opened.open();
  await idle();
  await commit(early);
  await opening;
  expect(opened.position).toBe((await logged()).at(-1));
});

test('whatever the order of commits and rollbacks, every event is delivered once and in order', async () => {
  // Each writer begins, perhaps takes its id, inserts, and ends; the schedule says whose next step comes when.
  const writer = fc.record({
    takesId: fc.boolean(),
    inserts: fc.integer({ min: 1, max: 3 }),
    commits: fc.boolean(),
  });
  const schedules = fc.record({
    writers: fc.array(writer, { minLength: 2, maxLength: 5 }),
    order: fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(schedules, async ({ writers, order }) => {
      await using tail = await follow();
      await play(writers, order);
      await store.sql(INSERT);
      await tail.caughtUp();
    }),
    { numRuns: 60 },
  );
});

interface Writer {
  readonly takesId: boolean;
  readonly inserts: number;
  readonly commits: boolean;
}

/** Runs the steps of all writers in one order, each writer on a connection of its own. */
async function play(writers: readonly Writer[], order: readonly number[]): Promise<void> {
  const running = await Promise.all(
    writers.map(async ({ takesId, inserts, commits }) => {
      const steps = [
        ...(takesId ? [TAKE_ID] : []),
        ...Array.from({ length: inserts }, () => INSERT),
        commits ? 'commit' : 'rollback',
      ];
      return { client: await begin(), steps };
    }),
  );
  for (const choice of [...order, ...Array.from({ length: 30 }, () => 0)]) {
    const open = running.filter(({ steps }) => steps.length > 0);
    const next = open[choice % Math.max(open.length, 1)];
    const step = next?.steps.shift();
    if (next === undefined || step === undefined) break;
    await next.client.query(step);
  }
  for (const { client } of running) client.release();
}

async function begin() {
  const client = await store.connect();
  await client.query('begin');
  return client;
}

async function commit(client: Awaited<ReturnType<typeof begin>>) {
  await client.query('commit');
  client.release();
}

/** Long enough for the tail to have looked at what there is. */
async function idle() {
  for (let turn = 0; turn < 5; turn += 1) await store.sql('select pg_sleep(0.02)');
}

async function logged(): Promise<number[]> {
  const rows = await store.sql<{ seq: string }>('select seq from events order by seq');
  return rows.map(({ seq }) => Number(seq));
}
