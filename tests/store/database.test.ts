import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Queryable } from '../../src/store/database.ts';
import { openTestStore, type TestStore } from './support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await store.sql('create table counters (id integer primary key, n integer not null)');
  await store.sql('insert into counters values (1, 0), (2, 0)');
});
afterAll(() => store[Symbol.asyncDispose]());

/** A statement of the test's own; unnamed ones would be planned anew each time, which is of no matter here. */
const statement = (text: string) => ({ name: '', text });
const COUNT = statement('update counters set n = n + 1 where id = $1');

async function sumCounters(): Promise<number> {
  const [row] = await store.sql<{ sum: string }>('select sum(n) from counters');
  return Number(row?.sum);
}

describe('a transaction', () => {
  test('is undone by what its work throws', async () => {
    const [before] = await store.sql('select n from counters where id = 1');
    const broken = store.db.transaction(async (tx) => {
      await tx.query(COUNT, [1]);
      throw new Error('enough');
    });
    await expect(broken).rejects.toThrow('enough');
    expect(await store.sql('select n from counters where id = 1')).toEqual([before]);
  });

  test('that deadlocks is tried again', async () => {
    const meet = Promise.withResolvers<undefined>();
    let arrived = 0;
    const cross = (first: number, second: number) =>
      store.db.transaction(async (tx) => {
        await tx.query(COUNT, [first]);
        arrived += 1;
        if (arrived === 2) meet.resolve(undefined);
        await meet.promise;
        await tx.query(COUNT, [second]);
      });
    const before = await sumCounters();
    await Promise.all([cross(1, 2), cross(2, 1)]);
    // On a busy machine both may find the deadlock, and both begin anew.
    expect(arrived).toBeGreaterThan(2);
    expect(await sumCounters()).toBe(before + 4);
  });

  test('that never gets through is given up as something to try later', async () => {
    let tries = 0;
    const clash = statement(`do $$ begin raise exception 'clash' using errcode = '40001'; end $$`);
    const work = async (tx: Queryable) => {
      tries += 1;
      await tx.query(clash);
    };
    await expect(store.db.transaction(work)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect(tries).toBe(3);
  });

  test('whose connection breaks between two statements fails, and the next one works', async () => {
    const broken = store.db.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>(statement('select pg_backend_pid() as pid'));
      await store.sql('select pg_terminate_backend($1, 5000)', [row?.pid]);
      await tx.query(COUNT, [1]);
    });
    await expect(broken).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(store.db.transaction((tx) => tx.query(COUNT, [1]))).resolves.toEqual([]);
  });
});

describe('a statement', () => {
  test('that takes too long is something to try later', async () => {
    const slow = store.db.transaction(async (tx) => {
      await tx.query(statement(`set local statement_timeout = '20ms'`));
      await tx.query(statement('select pg_sleep(10)'));
    });
    await expect(slow).rejects.toMatchObject({ code: 'unavailable' });
  });

  test.each([
    ['U+0000 in a text', 'select $1::text', 'a\0b'],
    ['U+0000 in JSON', 'select $1::jsonb', { text: 'a\0b' }],
    ['half of a surrogate pair in JSON', 'select $1::jsonb', { text: 'a\ud800b' }],
  ])('with %s is refused', async (_what, text, value) => {
    await expect(store.db.query(statement(text), [value])).rejects.toMatchObject({ code: 'unprocessable' });
  });

  test('that is wrong stays a bug of ours', async () => {
    await expect(store.db.query(statement('select nothing'))).rejects.not.toHaveProperty(
      'hint',
      expect.anything(),
    );
  });

  test('gives rows in the shape of the API', async () => {
    const [row] = await store.db.query(
      statement(`select 9007199254740991::bigint as big, 12.50::numeric as money,
                        '2026-03-01 09:46:04.123456+02'::timestamptz as at, '{"a": [1]}'::jsonb as json`),
    );
    expect(row).toEqual({
      big: 9_007_199_254_740_991,
      money: 12.5,
      at: '2026-03-01T07:46:04.123456Z',
      json: { a: [1] },
    });
  });
});
