import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startController } from '../../../src/controller/start.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, endTurn, startWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController();
});
afterEach(() => mesh[Symbol.asyncDispose]());

const breakDown = ({ agent, task, claim }: Work, reason: string) =>
  agent.tasks.fail(task.id, claim.lease_id, { reason, retryable: true });

/** A task whose two attempts have broken. */
async function startDeadLetter(): Promise<Work> {
  const work = await startWork(mesh, { max_attempts: 2, deadline: '2099-01-01T00:00:00Z', amount: 5 });
  await breakDown(work, 'model is away');
  await breakDown({ ...work, claim: await claimAgain(work) }, 'model is still away');
  return work;
}

test('a task whose attempts have all broken is a dead letter, which tells of every attempt', async () => {
  const alice = mesh.as('user:alice');
  const { task } = await startDeadLetter();
  const other = await startWork(mesh);
  await other.agent.tasks.fail(other.task.id, other.claim.lease_id, { reason: 'No idea.', retryable: false });
  expect(await alice.tasks.get(task.id)).toMatchObject({ status: 'failed', dead_letter: true, attempts: 2 });
  expect((await alice.tasks.list({ dead_letter: 'true' })).items.map(({ id }) => id)).toEqual([task.id]);
  expect((await alice.tasks.list({ dead_letter: 'false' })).items.map(({ id }) => id)).toEqual([
    other.task.id,
  ]);
  expect(await alice.tasks.history(task.id)).toMatchObject({
    attempts: [
      { attempt: 1, agent: 'finance', end: 'released', reason: 'model is away' },
      {
        attempt: 2,
        agent: 'finance',
        end: 'failed',
        reason: expect.stringContaining('still away') as string,
      },
    ],
    next_attempt_at: null,
    waiting_on: [],
  });
});

test('a task that is left alone for a while tells until when', async () => {
  const work = await startWork(mesh);
  await mesh.sql('update tasks set attempts = 4');
  await breakDown(work, 'model is away');
  const { next_attempt_at } = await mesh.as('user:alice').tasks.history(work.task.id);
  expect(next_attempt_at).not.toBeNull();
});

test('a task that waits tells for what', async () => {
  const work = await startWork(mesh);
  const sent = await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
  await endTurn(work);
  expect(await mesh.as('user:alice').tasks.history(work.task.id)).toMatchObject({
    attempts: [{ attempt: 1, end: null }],
    waiting_on: [`task:${String(sent['task_id'])}`],
  });
});

test('its owner sends it anew, once for each key', async () => {
  const alice = mesh.as('user:alice');
  const { task } = await startDeadLetter();
  const again = await alice.tasks.retry(task.id, { idempotencyKey: 'k1' });
  expect(again).toMatchObject({
    retry_of: task.id,
    status: 'pending',
    target: 'finance',
    description: task.description,
    amount: 5,
    max_attempts: 2,
    deadline: null,
    owner: 'user:alice',
  });
  expect((await alice.tasks.list({ dead_letter: 'true', retried: 'false' })).items).toEqual([]);
  expect((await alice.tasks.list({ retried: 'true' })).items.map(({ id }) => id)).toEqual([task.id]);
  expect((await alice.tasks.retry(task.id, { idempotencyKey: 'k1' })).id).toBe(again.id);
  expect((await alice.tasks.retry(task.id, { idempotencyKey: 'k2' })).id).not.toBe(again.id);
  expect(await mesh.as('user:root').tasks.retry(task.id)).toMatchObject({
    source: 'user:root',
    owner: 'user:alice',
  });
});

test('nobody else does, nor what has not failed', async () => {
  const { task } = await startDeadLetter();
  expect(await refusalOf(mesh.as('user:bob').tasks.retry(task.id))).toBe('not_found');
  expect(await refusalOf(mesh.as('agent:finance').tasks.retry(task.id))).toBe('forbidden');
  const { task: open } = await startWork(mesh);
  expect(await refusalOf(mesh.as('user:alice').tasks.retry(open.id))).toBe('conflict');
});

test('nor what no role of the mesh does any more', async () => {
  const { task } = await startDeadLetter();
  const profiles = mesh.config.profiles.filter(({ role }) => role !== 'finance');
  const smaller = await startController({ ...mesh.config, profiles }, pino({ level: 'silent' }));
  const alice = { ...mesh, url: `http://127.0.0.1:${smaller.port ?? 0}` }.as('user:alice');
  expect(await refusalOf(alice.tasks.retry(task.id))).toBe('unknown_role');
  await smaller.close();
});

test.each([0, 21, 1.5])('no task has %s attempts', async (max_attempts) => {
  const routing = mesh.as('user:alice').tasks.route({ target: 'legal', description: 'x', max_attempts });
  expect(await refusalOf(routing)).toBe('invalid_request');
});
