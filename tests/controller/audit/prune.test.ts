import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LogSource, verifyLog } from '../../../src/client/verify-log.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { pruneEvents, readNextPruning, readPrunedUpTo } from '../../../src/store/prune.ts';
import { startTestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { openSealedLog, type SealedLog } from '../support/sealed-log.ts';
import { openStream } from '../support/stream.ts';

const DAY = 86_400;
const KEEP = 90 * DAY;

let log: SealedLog;
beforeEach(async () => {
  log = await openSealedLog();
});
afterEach(() => log[Symbol.asyncDispose]());

/** Three seals, of which the first two are old: events 1 to 10, 11 to 20 and 21 to 25. */
async function writeOld(): Promise<void> {
  for (const [count, daysAgo] of [
    [10, 100],
    [10, 95],
    [5, 1],
  ] as const) {
    await log.write(count, daysAgo);
    await log.seal();
  }
}

const prune = () => log.db.transaction((tx) => pruneEvents(tx, KEEP));
const numbers = async () =>
  (await log.sql<{ number: string }>('select number from event_seals order by number')).map(({ number }) =>
    Number(number),
  );

test('old events go in whole sealed ranges, the log says so, and what is left verifies', async () => {
  await writeOld();
  await prune();
  expect(await log.seqs()).toEqual([21, 22, 23, 24, 25, 26]);
  expect(await numbers()).toEqual([2, 3]);
  expect(await log.verify()).toMatchObject({ ok: true, events: 5, unsealed: 1, pruned: { number: 2 } });
  await log.seal();
  expect(await log.verify()).toMatchObject({ ok: true, events: 6, unsealed: 0, pruned: { last_seq: 20 } });
});

test('whoever follows the log is told of it', async () => {
  await writeOld();
  const onEvents = vi.fn<() => void>();
  await using db = openDatabase({ url: log.url, pool: 1, log: pino({ level: 'silent' }), onEvents });
  await db.transaction((tx) => pruneEvents(tx, KEEP));
  expect(onEvents).toHaveBeenCalledTimes(1);
});

test('it goes on where it was', async () => {
  await writeOld();
  await prune();
  await prune();
  expect(await log.seqs()).toHaveLength(6);
  await log.seal();
  // As if a day had passed, with the events that are young now.
  await log.db.transaction((tx) => pruneEvents(tx, 0.5 * DAY));
  expect((await log.verify()).ok).toBe(true);
  expect(await log.seqs()).not.toContain(25);
  expect(await readPrunedUpTo(log.db)).toBe(25);
});

test('what is pruned while it is verified is no fault', async () => {
  await writeOld();
  let isPruned = false;
  const source: LogSource = {
    events: (query) => log.source.events(query),
    async seals(query) {
      const page = await log.source.seals(query);
      if (!isPruned) await prune();
      isPruned = true;
      return page;
    },
  };
  expect(await verifyLog(source)).toMatchObject({ ok: true, pruned: { number: 2 } });
});

test('a range that is partly young stays, and so does what is not sealed', async () => {
  await log.write(4, 100);
  await log.write(1, 1);
  await log.seal();
  await log.write(4, 100);
  await prune();
  expect(await log.seqs()).toHaveLength(9);
});

test('what was changed before is kept as it is found', async () => {
  await writeOld();
  await log.tamper('delete from events where seq = 10');
  await prune();
  expect(await log.seqs()).toHaveLength(24);
  expect(await log.verify()).toMatchObject({ finding: { fault: 'event_missing', seq: 10 } });
  expect(await readNextPruning(log.db, KEEP)).toBeUndefined();
});

test('much at once goes in several steps, the rest once a day', async () => {
  for (let seal = 0; seal < 52; seal += 1) {
    await log.write(1, 100);
    await log.seal();
  }
  await prune();
  expect(await numbers()).toEqual([50, 51, 52]);
  expect(await readNextPruning(log.db, KEEP)).toBeLessThan(0);
  await prune();
  await log.write(1, 100);
  await log.seal();
  expect(await log.verify()).toMatchObject({ ok: true });
  const nextMs = (await readNextPruning(log.db, KEEP)) ?? 0;
  expect(nextMs / 1000).toBeGreaterThan(0.99 * DAY);
});

describe('a range that is missing is found', () => {
  test.each([
    ['with its seals', ['delete from event_seals where number < 2'], 'seal_missing'],
    ['without its seals', [], 'event_missing'],
    [
      'and a forged event does not name its seal by its hash',
      [
        'delete from event_seals where number < 2',
        `insert into events (kind, actor, subject, data)
         values ('log.pruned', 'controller', 'log:events', '{"seal": 2, "hash": "no", "up_to": 20}')`,
      ],
      'seal_missing',
    ],
  ])('%s', async (_what, statements, fault) => {
    await writeOld();
    await log.tamper('delete from events where seq <= 20', ...statements);
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault } });
  });

  test.each([
    ['more than the log says', 'delete from events where seq <= 25'],
    ['one more', 'delete from events where seq = 21'],
  ])('if it is %s', async (_what, statement) => {
    await writeOld();
    await prune();
    await log.seal();
    await log.tamper(statement);
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'event_missing', seq: 21 } });
  });

  test('if the event that says so is missing as well', async () => {
    await writeOld();
    await prune();
    await log.tamper(`delete from events where kind = 'log.pruned'`);
    expect(await log.verify()).toMatchObject({ ok: false, finding: { fault: 'seal_missing' } });
  });
});

describe('a seal that was seen earlier', () => {
  test('is known as long as it is there, also when its events are not', async () => {
    await writeOld();
    const [second, third] = [
      await log.sql('select number::int, last_seq::int, hash from event_seals where number = 2'),
      (await log.verify()).last_seal ?? undefined,
    ];
    await prune();
    expect(await log.verify({ from: third, expect: third?.hash })).toMatchObject({ ok: true });
    expect(await log.verify({ from: second[0] as never })).toMatchObject({ ok: true, pruned: { number: 2 } });
  });

  test('is missed once it is older than what is kept', async () => {
    await writeOld();
    const first = await log.sql('select number::int, last_seq::int, hash from event_seals where number = 1');
    await prune();
    expect(await log.verify({ from: first[0] as never })).toMatchObject({
      finding: { fault: 'pin_missing', text: expect.stringContaining('begins with seal 2') as string },
    });
  });
});

test.each([
  'delete from events where seq <= 20',
  'delete from event_seals where number = 1',
  `do $$ begin perform set_config('goose_mesh.pruned_by', '1', true); delete from events where seq <= 20; end $$`,
  `do $$ begin
     insert into events (kind, actor, subject, data)
     values ('log.pruned', 'x', 'log:events', '{"seal": 1, "hash": "x", "up_to": 10}');
     perform set_config('goose_mesh.pruned_by', '26', true);
     delete from events where seq <= 10; end $$`,
  `do $$ begin
     insert into events (kind, actor, subject, data)
     select 'log.pruned', 'x', 'log:events', jsonb_build_object('seal', 1, 'hash', hash) from event_seals where number = 1;
     perform set_config('goose_mesh.pruned_by', '26', true);
     delete from events where seq <= 11; end $$`,
])('by hand it is refused: %s', async (statement) => {
  await writeOld();
  await expect(log.sql(statement)).rejects.toThrow(/append-only/);
});

test('a reader who comes back to what was pruned is told so, instead of missing it', async () => {
  await using mesh = await startTestController();
  const old = await mesh.sql<{ seq: number }>(
    `insert into events (at, kind, actor, subject) select now() - interval '91 days', 'task.routed', 'x', 'task:1'
     from generate_series(1, 5) returning seq::int`,
  );
  const last = old.at(-1)?.seq ?? 0;
  const isSealed = async () =>
    (await mesh.sql('select from event_seals where last_seq = $1', [last])).length > 0;
  await vi.waitUntil(isSealed, { timeout: 15_000, interval: 100 });
  // What the controller itself wrote at its start was before these.
  for (const statement of [
    'alter table events disable trigger user',
    `update events set at = at - interval '91 days' where seq < ${old[0]?.seq ?? 0}`,
    'alter table events enable trigger user',
  ])
    await mesh.sql(statement);
  const alice = mesh.as('user:alice');
  const isPruned = async () => {
    // Whatever is done lets the controller look for what is due.
    const { id } = await alice.sessions.create({ role: 'legal' });
    await alice.sessions.send(id, 'activate');
    await alice.sessions.send(id, 'complete');
    return (await mesh.sql(`select from events where kind = 'log.pruned'`)).length > 0;
  };
  await vi.waitUntil(isPruned, { timeout: 15_000, interval: 300 });

  const headers = { 'last-event-id': String(last - 1) };
  const problem = await problemOf(await mesh.fetch('user:root', '/events', { headers }), 'gone');
  expect(problem).toMatchObject({ status: 410, pruned_up_to: last });
  for (const after of [0, last]) {
    await using stream = await openStream(mesh, 'user:root', { after });
    expect((await stream.next()).seq).toBe(last + 1);
  }
});
