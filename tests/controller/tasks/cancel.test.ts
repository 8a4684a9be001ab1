import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { startReview, startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

test.each(['user:alice', 'user:root'])('%s calls off a task that nobody has begun', async (actor) => {
  const { id } = await mesh.as('user:alice').tasks.route({ target: 'legal', description: 'x' });
  expect(await mesh.as(actor).tasks.cancel(id, 'not needed')).toMatchObject({
    status: 'cancelled',
    failure: 'not needed',
  });
  expect(await mesh.as('agent:legal').tasks.claim(randomUUID(), 0)).toBeUndefined();
});

test('a task that is worked on ends with its session', async () => {
  const work = await startWork(mesh);
  await mesh.as('user:alice').tasks.cancel(work.task.id, 'not needed');
  expect((await work.agent.sessions.get(work.sessionId)).status).toBe('failed');
  expect(await work.tools.refuse('complete_task', { outcome: 'done', summary: 'Bought.' })).toMatch(
    /already cancelled/,
  );
});

test('a second call changes nothing and shows no lease', async () => {
  const { id } = await mesh.as('user:alice').tasks.route({ target: 'legal', description: 'x' });
  const first = await mesh.as('user:alice').tasks.cancel(id, 'not needed');
  const response = await mesh.fetch('user:alice', `/tasks/${id}/cancel`, {
    method: 'POST',
    body: JSON.stringify({ reason: 'really' }),
  });
  expect(await response.json()).toEqual(first);
});

test('what has ended otherwise cannot be called off', async () => {
  const work = await startWork(mesh);
  await work.tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
  const response = await mesh.fetch('user:alice', `/tasks/${work.task.id}/cancel`, {
    method: 'POST',
    body: JSON.stringify({ reason: 'too late' }),
  });
  expect(await problemOf(response, 'task_closed')).toMatchObject({ status: 409, state: 'completed' });
});

test('others cannot', async () => {
  const { task, agent } = await startWork(mesh);
  expect(await refusalOf(mesh.as('user:bob').tasks.cancel(task.id, 'mine now'))).toBe('not_found');
  expect(await refusalOf(agent.tasks.cancel(task.id, 'too hard'))).toBe('forbidden');
});

test('the approval that was asked for is withdrawn, and nobody need decide it', async () => {
  const { work, review, approvalId } = await startReview(mesh);
  await mesh.as('user:alice').tasks.cancel(work.task.id, 'not needed');
  expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('withdrawn');
  expect(await mesh.as('user:alice').tasks.get(review.task.id)).toMatchObject({ status: 'cancelled' });
});
