import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEventTail } from '../../../src/controller/stream/tail.ts';
import { startSealer } from '../../../src/controller/work/sealer.ts';
import { CHANNELS } from '../../../src/store/channels.ts';
import type { Database } from '../../../src/store/database.ts';
import { listen } from '../../../src/store/listen.ts';
import { openAnother, openSealedLog, type SealedLog } from '../support/sealed-log.ts';

const logger = pino({ level: 'silent' });
const INSERT = `insert into events (kind, actor, subject) values ('task.routed', 'test', 'task:1')`;

let log: SealedLog;
beforeEach(async () => {
  log = await openSealedLog();
});
afterEach(() => log[Symbol.asyncDispose]());

/** A controller, as far as it seals. */
async function startSealing(db: Database = log.db) {
  const tail = createEventTail(db, logger);
  await tail.open();
  const listener = listen({
    database: db,
    log: logger,
    onConnect: () => {
      tail.advance();
    },
    onNotify: (channel) => {
      if (channel === CHANNELS.events) tail.advance();
    },
  });
  const sealer = startSealer({ db, tail, log: logger });
  return {
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await sealer[Symbol.asyncDispose]();
      tail[Symbol.dispose]();
    },
  };
}

/** Waits until all that the log holds is sealed, and it verifies. */
const allSealed = () =>
  vi.waitFor(
    async () => {
      const events = (await log.seqs()).length;
      expect(await log.verify()).toMatchObject({ ok: true, events, unsealed: 0 });
    },
    { timeout: 15_000, interval: 100 },
  );

test('what was written before the sealer started, and what is written after, is sealed', async () => {
  await log.write(1500);
  await using _sealing = await startSealing();
  await allSealed();
  await log.write(3);
  await allSealed();
  expect((await log.verify()).seals).toBe(3);
});

test('events that come together are sealed together', async () => {
  await using _sealing = await startSealing();
  for (let n = 0; n < 20; n += 1) await log.write(1);
  await allSealed();
  expect((await log.verify()).seals).toBeLessThan(20);
});

test('while nothing happens, the sealer does nothing', async () => {
  const transactions = vi.spyOn(log.db, 'transaction');
  await using _sealing = await startSealing();
  await log.write(1);
  await allSealed();
  const before = transactions.mock.calls.length;
  await log.sql('select pg_sleep(2.5)');
  expect(transactions.mock.calls.length).toBe(before);
});

test('two controllers seal every event once', async () => {
  await using other = openAnother(log, logger);
  await using _one = await startSealing();
  await using _two = await startSealing(other);
  for (let n = 0; n < 10; n += 1) await Promise.all([log.write(150), log.write(40)]);
  await allSealed();
});

test('whoever seals at the same time, the chain does not fork', async () => {
  await using other = openAnother(log, logger);
  for (let round = 0; round < 5; round += 1) {
    await log.write(1200);
    await Promise.all([log.seal(), log.seal(other), log.seal(), log.seal(other)]);
  }
  expect(await log.verify()).toMatchObject({ ok: true, events: 6000, unsealed: 0 });
});

test('a sealer that dies between two batches, or within one, leaves a chain that goes on', async () => {
  await log.write(5);
  await log.seal();
  await log.write(5);
  const dying = await log.connect();
  dying.on('error', () => undefined);
  await dying.query('begin');
  await dying.query(`select pg_try_advisory_xact_lock(hashtextextended('goose-mesh sealer', 0))`);
  await dying.query(
    `insert into event_seals
     select 2, 6, 10, 1, '{10}'::bigint[], decode(repeat('00', 32), 'hex'), hash, repeat('b', 64), now() from event_seals`,
  );
  const { rows } = await dying.query<{ pid: number }>('select pg_backend_pid() as pid');
  const sealed = log.seal();
  await log.sql('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await sealed;
  dying.release(true);
  expect(await log.verify()).toMatchObject({ ok: true, seals: 2, events: 10, unsealed: 0 });
});

test('a range is not sealed while an event may still appear in it', async () => {
  await using _sealing = await startSealing();
  await log.write(1);
  // By now this event has started the time in which a batch gathers.
  await log.sql('select pg_sleep(0.1)');
  const slow = await log.connect();
  await slow.query('begin');
  await slow.query(INSERT);
  await log.write(1500);
  // As long as a sealer that did not care would have needed.
  await log.sql('select pg_sleep(1.5)');
  const meanwhile = await log.verify();
  await slow.query('commit');
  slow.release();
  expect(meanwhile).toMatchObject({ ok: true, events: 1, unsealed: 1500 });
  await allSealed();
});

test('in whatever order writers begin and end, no event ends up outside of its seal', async () => {
  await using other = openAnother(log, logger);
  await using _one = await startSealing();
  await using _two = await startSealing(other);
  const writer = fc.record({
    inserts: fc.integer({ min: 1, max: 4 }),
    waitsMs: fc.integer({ min: 0, max: 60 }),
    commits: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(writer, { minLength: 3, maxLength: 8 }), async (writers) => {
      await Promise.all(
        writers.map(async ({ inserts, waitsMs, commits }) => {
          const client = await log.connect();
          await client.query('begin');
          for (let n = 0; n < inserts; n += 1) {
            await client.query(INSERT);
            await client.query('select pg_sleep($1)', [waitsMs / 1000]);
          }
          await client.query(commits ? 'commit' : 'rollback');
          client.release();
        }),
      );
      expect(await log.verify()).toMatchObject({ ok: true });
    }),
    { numRuns: 20 },
  );
  await log.write(1);
  await allSealed();
});
