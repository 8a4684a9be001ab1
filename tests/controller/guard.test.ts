import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GuardCall } from '../../src/core/guard.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { refusalOf } from './support/problem.ts';
import { startWork } from './support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const call = (session_id: string | null): GuardCall => ({
  id: randomUUID(),
  agent: 'finance',
  session_id,
  shape: 'openai-chat',
  model: 'rehearsal',
  streamed: true,
  status: 200,
  refused: null,
  masked: { US_SSN: 2 },
  restored: { US_SSN: 1 },
  tokens_in: 100,
  tokens_out: 10,
  overhead_ms: 0.4,
  duration_ms: 120,
});

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
