import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAgents, registerAgent } from '../../src/store/agents.ts';
import { openTestStore, type TestStore } from './support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const register = async (instance: string, status: 'ready' | 'stopped' = 'ready') =>
  registerAgent(store.db, { name: 'finance', role: 'finance', status, instance });

test('registering tells which instance had the name before', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  expect(await register(first)).toMatchObject({ previousInstance: null });
  expect(await register(first)).toMatchObject({ previousInstance: first });
  expect(await register(second)).toMatchObject({ previousInstance: first });
});

test('an agent that reports again keeps the time of its start', async () => {
  const instance = randomUUID();
  const before = await register(instance);
  expect((await register(instance))?.agent.started_at).toBe(before?.agent.started_at);
  expect((await register(randomUUID()))?.agent.started_at).not.toBe(before?.agent.started_at);
});

test('a goodbye of an instance that has a successor changes nothing', async () => {
  const [old, current] = [randomUUID(), randomUUID()];
  await register(old);
  await register(current);
  expect(await register(old, 'stopped')).toBeUndefined();
  expect((await listAgents(store.db, { limit: 9 })).items).toMatchObject([
    { status: 'ready', instance: current },
  ]);
  expect(await store.sql(`select 1 from events where kind = 'agent.stopped'`)).toEqual([]);
  expect(await register(current, 'stopped')).toMatchObject({ agent: { status: 'stopped' } });
});
