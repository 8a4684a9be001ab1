import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { insertEvents, type NewEvent } from '../../src/store/events.ts';
import { createHerald } from '../../src/store/herald.ts';
import { listen } from '../../src/store/listen.ts';
import { openTestStore, type TestStore } from './support/store.ts';

const log = pino({ level: 'silent' });
const EVENT: NewEvent = {
  kind: 'task.routed',
  actor: 'user:alice',
  subject: 'task:1',
  owner: null,
  trace_id: null,
  data: {},
};

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

/** A process that tells its events itself, and hears what others tell. */
async function openTeller() {
  const heard: string[] = [];
  const onEvents = vi.fn<() => void>();
  const db = openDatabase({ url: store.url, pool: 2, log, onEvents });
  const standing = Promise.withResolvers<undefined>();
  const listener = listen({
    database: db,
    log,
    onNotify: (channel) => heard.push(channel),
    onConnect: () => {
      standing.resolve(undefined);
    },
  });
  await standing.promise;
  return {
    db,
    heard,
    onEvents,
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

test('events are told to this process at once, to the others by a notification, and to nobody twice', async () => {
  await using mine = await openTeller();
  await using other = await openTeller();
  await insertEvents(mine.db, [EVENT]);
  expect(mine.onEvents).toHaveBeenCalledTimes(1);
  await vi.waitFor(() => {
    expect(other.heard).toEqual(['goose_mesh_events']);
  });
  await insertEvents(other.db, [EVENT]);
  await vi.waitFor(() => {
    expect(mine.heard).toEqual(['goose_mesh_events']);
  });
  expect(other.heard).toHaveLength(1);
});

test('those of a transaction are told after its commit, not before', async () => {
  await using mine = await openTeller();
  await mine.db.transaction(async (tx) => {
    await insertEvents(tx, [EVENT]);
    expect(mine.onEvents).not.toHaveBeenCalled();
  });
  expect(mine.onEvents).toHaveBeenCalledTimes(1);
});

test('what only reads tells nothing', async () => {
  await using mine = await openTeller();
  await mine.db.query({ name: '', text: 'select count(*) from events' });
  expect(mine.onEvents).not.toHaveBeenCalled();
});

test('events of SQL by hand are heard by everybody', async () => {
  await using mine = await openTeller();
  await store.sql(`insert into events (kind, actor, subject) values ('task.routed', 'user:alice', 'task:1')`);
  await vi.waitFor(() => {
    expect(mine.heard).toEqual(['goose_mesh_events']);
  });
});

test('a process that closes says first what it has not said', async () => {
  await using other = await openTeller();
  const mine = await openTeller();
  await insertEvents(mine.db, [EVENT]);
  await mine[Symbol.asyncDispose]();
  await vi.waitFor(() => {
    expect(other.heard).toEqual(['goose_mesh_events']);
  });
});

test('many events at once are told once, and those that come meanwhile once more', async () => {
  const gate = Promise.withResolvers<undefined>();
  const notify = vi.fn(() => gate.promise);
  await using herald = createHerald(notify);
  for (let n = 0; n < 100; n += 1) herald.tell();
  await vi.waitUntil(() => notify.mock.calls.length === 1);
  for (let n = 0; n < 100; n += 1) herald.tell();
  await delay(20);
  expect(notify).toHaveBeenCalledTimes(1);
  gate.resolve(undefined);
  await vi.waitUntil(() => notify.mock.calls.length === 2);
});

test('what could not be told is told again', async () => {
  const notify = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('away'));
  await using herald = createHerald(notify);
  herald.tell();
  await vi.waitUntil(() => notify.mock.calls.length === 2);
});
