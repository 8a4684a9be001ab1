import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimOne, endTurn, startReview, startWork, takeWork } from '../support/work.ts';

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

/** Only the others fall asleep: this one has just moved. */
async function keepAwake(id: string): Promise<void> {
  await mesh.sql(`alter table sessions disable trigger guard_session_state`);
  await mesh.sql(`update sessions set last_transition_at = now() + interval '1 hour' where id = $1`, [id]);
  await mesh.sql(`alter table sessions enable trigger guard_session_state`);
}

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
  await keepAwake(work.sessionId);
  await becomes(legal.sessionId, 'expired');
  expect(await mesh.as('user:alice').tasks.get(String(sent['task_id']))).toMatchObject({ status: 'failed' });
  expect((await claimOne(work.agent)).answers).toMatchObject([
    { status: 'failed', text: expect.stringContaining(`session ${legal.sessionId} expired`) as string },
  ]);
  expect(await work.agent.tasks.claim(randomUUID(), 0)).toBeUndefined();
});

test('with the session of a review expires what it should decide, and who asked learns it', async () => {
  const { work, review, approvalId } = await startReview(mesh);
  await keepAwake(work.sessionId);
  await becomes(review.sessionId, 'expired');
  expect((await claimOne(work.agent)).answers).toMatchObject([{ id: approvalId, status: 'withdrawn' }]);
});
