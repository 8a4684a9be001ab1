import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { listen } from '../../src/store/listen.ts';
import { openTestStore, type TestStore } from './support/store.ts';

const log = pino({ level: 'silent' });

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

function hear() {
  const heard: string[] = [];
  let connections = 0;
  const listener = listen({
    database: store.db,
    log,
    onConnect: () => {
      connections += 1;
    },
    onNotify: (channel, payload) => heard.push(`${channel}:${payload}`),
  });
  return {
    heard,
    connections: () => connections,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

test('hears what is notified, by channel', async () => {
  await using ears = hear();
  await vi.waitUntil(() => ears.connections() === 1);
  await store.sql(`select pg_notify('goose_mesh_work', 'finance'), pg_notify('goose_mesh_events', '')`);
  await vi.waitFor(() => {
    expect(ears.heard).toEqual(['goose_mesh_work:finance', 'goose_mesh_events:']);
  });
});

test('a connection that breaks is opened again, and says so', async () => {
  await using ears = hear();
  await vi.waitUntil(() => ears.connections() === 1);
  await store.sql(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and application_name = 'goose-mesh listen'`,
  );
  await vi.waitUntil(() => ears.connections() === 2);
  await store.sql(`select pg_notify('goose_mesh_work', 'legal')`);
  await vi.waitFor(() => {
    expect(ears.heard).toEqual(['goose_mesh_work:legal']);
  });
});

test('it can be ended while there is no database', async () => {
  await using database = openDatabase({ url: 'postgres://mesh@127.0.0.1:1/mesh', pool: 2, log });
  const onConnect = vi.fn<() => void>();
  const listener = listen({ database, log, onConnect, onNotify: () => undefined });
  await listener[Symbol.asyncDispose]();
  expect(onConnect).not.toHaveBeenCalled();
});

test('it can be ended while it connects', async () => {
  const listener = listen({ database: store.db, log, onConnect: () => undefined, onNotify: () => undefined });
  await expect(listener[Symbol.asyncDispose]()).resolves.toBeUndefined();
});
