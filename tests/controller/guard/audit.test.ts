import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GuardCall } from '../../../src/core/guard.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { pruneCalls } from '../../../src/store/guard/calls.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { startWork } from '../support/work.ts';
import { endedCall } from './support.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({ prices: { 'gpt-4o*': { input: 2.5, output: 10 } } });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const call = (session_id: string | null) => endedCall({ session_id });

const eventOf = async ({ id }: GuardCall) =>
  (await mesh.sql('select subject, owner, actor, trace_id, data from events where dedupe_key = $1', [id]))[0];

test('calls to a model are in the log, trace and owner as the session has them', async () => {
  const { sessionId, task } = await startWork(mesh);
  const calls = [call(sessionId), call(null)] as const;
  await mesh.as('guard:finance').guard.report(calls);
  expect(await eventOf(calls[0])).toMatchObject({
    subject: `session:${sessionId}`,
    owner: 'user:alice',
    actor: 'guard:finance',
    trace_id: task.trace_id,
    data: { masked: { US_SSN: 2 } },
  });
  expect(await eventOf(calls[1])).toMatchObject({ subject: 'agent:finance', owner: null, trace_id: null });
});

test("a call whose session was deleted since is in the log, on nobody's behalf", async () => {
  const lost = call(randomUUID());
  await mesh.as('guard:finance').guard.report([lost]);
  expect(await eventOf(lost)).toMatchObject({ owner: null, trace_id: null });
});

test('a guard speaks only of its own agent and of its sessions', async () => {
  const { sessionId } = await startWork(mesh, { target: 'legal' });
  const own = call(null);
  const guard = mesh.as('guard:finance').guard;
  for (const foreign of [call(sessionId), { ...call(null), agent: 'legal' }]) {
    expect(await refusalOf(guard.report([own, foreign]))).toBe('forbidden');
  }
  expect(await eventOf(own)).toBeUndefined();
});

test('a report that is repeated is told once', async () => {
  const once = call(null);
  const guard = mesh.as('guard:finance');
  await Promise.all([guard.guard.report([once]), guard.guard.report([once])]);
  expect(await mesh.sql('select 1 from events where dedupe_key = $1', [once.id])).toHaveLength(1);
});

test('the audit tells of every call: task, role and cost as the controller knows them, newest first', async () => {
  const { sessionId, task } = await startWork(mesh);
  const guard = mesh.as('guard:finance');
  const bought = endedCall({ session_id: sessionId, model: 'gpt-4o-2024-08-06', tokens_in: 1_000_000 });
  const unknown = endedCall({ session_id: sessionId, model: 'a-model-of-nobody' });
  await guard.guard.report([bought]);
  await guard.guard.report([unknown]);
  const { items } = await mesh.as('user:root').guard.calls({ session: sessionId });
  expect(items).toMatchObject([
    { id: unknown.id, cost: null },
    { id: bought.id, cost: 2.5 + 10 / 100_000, role: 'finance', task_id: task.id, first_token_ms: 50 },
  ]);
});

test('the audit is paged, and filtered by agent and time', async () => {
  const sent = [1, 2, 3].map(() => endedCall({ agent: 'legal' }));
  await mesh.as('guard:legal').guard.report(sent);
  const admin = mesh.as('user:root');
  const first = await admin.guard.calls({ agent: 'legal', limit: 2 });
  const second = await admin.guard.calls({ agent: 'legal', limit: 2, cursor: first.next ?? '' });
  const found = [...first.items, ...second.items].map(({ id }) => id);
  expect([...found].sort()).toEqual(sent.map(({ id }) => id).sort());
  expect(second.next).toBeNull();
  expect((await admin.guard.calls({ agent: 'legal', since: '2999-01-01T00:00:00Z' })).items).toEqual([]);
});

test.each(['agent:finance', 'guard:finance', 'user:alice'])('%s may not read the audit', async (actor) => {
  expect(await refusalOf(mesh.as(actor).guard.calls())).toBe('forbidden');
});

test('rows that are older than the log keeps events are removed', async () => {
  const old = call(null);
  await mesh.as('guard:finance').guard.report([old]);
  await mesh.sql(`update guard_calls set at = now() - interval '91 days' where id = $1`, [old.id]);
  await openDatabaseOf(mesh, (db) => pruneCalls(db, 90 * 86_400));
  expect(await mesh.sql('select 1 from guard_calls where id = $1', [old.id])).toEqual([]);
});

async function openDatabaseOf(of: TestController, work: (db: Database) => Promise<void>): Promise<void> {
  await using db = openDatabase({ url: of.databaseUrl, pool: 2, log: pino({ level: 'silent' }) });
  await work(db);
}
