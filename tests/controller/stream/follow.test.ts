import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { followEvents } from '../../../src/controller/stream/follow.ts';
import { createEventTail } from '../../../src/controller/stream/tail.ts';
import { openTestStore, type TestStore } from '../../store/support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const write = (count: number) =>
  store.sql(
    `insert into events (kind, actor, subject) select 'task.routed', 'test', 'task:1' from generate_series(1, $1)`,
    [count],
  );

async function openTail() {
  const tail = createEventTail(store.db, pino({ level: 'silent' }));
  await tail.open();
  return tail;
}

test('the past is read in batches, then the present follows', async () => {
  await write(1200);
  using tail = await openTail();
  const stop = new AbortController();
  const seen: number[] = [];
  for await (const events of followEvents(
    { db: store.db, tail },
    { after: 0, filter: {}, sees: () => true, signal: stop.signal },
  )) {
    seen.push(...events.map(({ seq }) => seq));
    if (seen.length === 1200) {
      await write(3);
      tail.advance();
    }
    if (seen.length === 1203) stop.abort();
  }
  expect(seen).toEqual(Array.from({ length: 1203 }, (_, index) => index + 1));
});

test('a reader that falls too far behind is let go, and others are not', async () => {
  using tail = await openTail();
  const stop = new AbortController();
  const follow = { after: tail.position, filter: {}, sees: () => true, signal: stop.signal };
  const slow = followEvents({ db: store.db, tail }, follow);
  let swift = 0;
  tail.subscribe((events) => {
    swift += events.length;
  });
  const first = slow.next();
  await write(1);
  tail.advance();
  expect((await first).value).toHaveLength(1);
  await write(10_001);
  tail.advance();
  await vi.waitUntil(() => swift === 10_002);
  await expect(slow.next()).rejects.toThrow('more than 10000 events were waiting for the reader');
});

test('a reader that leaves is forgotten', async () => {
  using tail = await openTail();
  const stop = new AbortController();
  const follow = { after: tail.position, filter: {}, sees: () => true, signal: stop.signal };
  const reading = followEvents({ db: store.db, tail }, follow).next();
  stop.abort();
  expect((await reading).done).toBe(true);
});
