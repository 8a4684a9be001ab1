import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimOne, endTurn, startWork, takeWork } from '../support/work.ts';

const SECOND_IN_DAYS = 1 / 86_400;

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController({ session_retention_days: SECOND_IN_DAYS });
});
afterEach(() => mesh[Symbol.asyncDispose]());

const becomes = (id: string, status: string) =>
  vi.waitUntil(async () => (await mesh.as('user:alice').sessions.get(id)).status === status, {
    timeout: 10_000,
  });

test.each([
  { state: 'pending', events: [] },
  { state: 'active', events: ['activate'] },
  { state: 'paused', events: ['activate', 'pause'] },
])('a session that stays $state expires', async ({ events }) => {
  const alice = mesh.as('user:alice');
  const { id } = await alice.sessions.create({ role: 'finance' });
  for (const event of events) await alice.sessions.send(id, event);
  await becomes(id, 'expired');
  expect((await alice.sessions.transitions(id)).at(-1)).toMatchObject({
    event: 'expire',
    to_state: 'expired',
    actor: 'controller',
  });
});

test('one that has ended stays as it ended', async () => {
  const alice = mesh.as('user:alice');
  const ended = await alice.sessions.create({ role: 'finance' });
  await alice.sessions.send(ended.id, 'activate');
  await alice.sessions.send(ended.id, 'complete');
  const idle = await alice.sessions.create({ role: 'finance' });
  await becomes(idle.id, 'expired');
  expect((await alice.sessions.get(ended.id)).status).toBe('completed');
});

test('its task fails with the reason, and whoever waits for it is told', async () => {
  const work = await startWork(mesh);
  const sent = await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
  const legal = await takeWork(mesh, 'agent:legal');
  await endTurn(work);
  // Only legal falls asleep: the one who asked has just moved.
  await mesh.sql(`alter table sessions disable trigger guard_session_state`);
  await mesh.sql(`update sessions set last_transition_at = now() + interval '1 hour' where id = $1`, [
    work.sessionId,
  ]);
  await mesh.sql(`alter table sessions enable trigger guard_session_state`);
  await becomes(legal.sessionId, 'expired');
  expect(await mesh.as('user:alice').tasks.get(String(sent['task_id']))).toMatchObject({ status: 'failed' });
  expect((await claimOne(work.agent)).answers).toMatchObject([
    { status: 'failed', text: expect.stringContaining(`session ${legal.sessionId} expired`) as string },
  ]);
  expect(await work.agent.tasks.claim(randomUUID(), 0)).toBeUndefined();
});
