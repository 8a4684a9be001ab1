import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerAgent } from '../../src/store/agents.ts';
import { openTestStore, type TestStore } from './support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const report = (instance: string) =>
  ({ name: 'finance', role: 'finance', status: 'ready', instance }) as const;

test('registering tells which instance had the name before', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  expect((await registerAgent(store.db, report(first))).previousInstance).toBeNull();
  expect((await registerAgent(store.db, report(first))).previousInstance).toBe(first);
  expect((await registerAgent(store.db, report(second))).previousInstance).toBe(first);
});

test('an agent that reports again keeps the time of its start', async () => {
  const instance = randomUUID();
  const { agent: before } = await registerAgent(store.db, report(instance));
  const { agent: after } = await registerAgent(store.db, report(instance));
  expect(after.started_at).toBe(before.started_at);
  const { agent: restarted } = await registerAgent(store.db, report(randomUUID()));
  expect(restarted.started_at).not.toBe(before.started_at);
});
