import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GuardCall } from '../../src/core/guard.ts';
import { startTestController, type TestController } from '../support/controller.ts';
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
  trace_id: 'a'.repeat(32),
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

test('calls to a model are in the log of whom the session works for', async () => {
  const { sessionId } = await startWork(mesh);
  const calls = [call(sessionId), call(null), call(randomUUID())];
  await mesh.as('guard:finance').guard.report(calls);
  const events = await mesh.sql(
    `select subject, owner, actor, data->'masked' as masked from events where kind = 'guard.called' order by seq`,
  );
  expect(events).toMatchObject([
    { subject: `session:${sessionId}`, owner: 'user:alice', actor: 'guard:finance', masked: { US_SSN: 2 } },
    { subject: 'agent:finance', owner: null },
    { owner: null },
  ]);
});

test('a report that is repeated is told once', async () => {
  const once = call(null);
  const guard = mesh.as('guard:finance');
  await Promise.all([guard.guard.report([once]), guard.guard.report([once])]);
  expect(await mesh.sql('select 1 from events where dedupe_key = $1', [once.id])).toHaveLength(1);
});
