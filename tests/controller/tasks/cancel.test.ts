import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { endTurn, startReview, startWork, takeWork, type Work } from '../support/work.ts';

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

/** Finance works for Alice, legal for finance, and the manager for legal, all of them still. */
async function startChain() {
  const finance = await startWork(mesh);
  const legal = await ask(finance, 'legal');
  return [finance, legal, await ask(legal, 'manager')] as const;
}

async function ask({ tools }: Work, role: string): Promise<Work> {
  const { task_id: id } = await tools.call('send_task', { role, description: 'May we?' });
  return takeWork(mesh, `agent:${role}`, (task) => task.id === id);
}

describe('the work beneath a task', () => {
  const ENDS = {
    cancelled: ({ task }: Work) => mesh.as('user:alice').tasks.cancel(task.id, 'not needed'),
    completed: ({ tools }: Work) => tools.call('complete_task', { outcome: 'done', summary: 'Bought.' }),
    failed: ({ agent, task, claim }: Work) =>
      agent.tasks.fail(task.id, claim.lease_id, { reason: 'No idea.', retryable: false }),
  };

  test.each(Object.entries(ENDS))('ends with it when it is %s', async (status, end) => {
    const [finance, ...others] = await startChain();
    await end(finance);
    expect((await mesh.as('user:alice').tasks.get(finance.task.id)).status).toBe(status);
    for (const { task, sessionId, agent } of others) {
      expect(await mesh.as('user:alice').tasks.get(task.id)).toMatchObject({
        status: 'cancelled',
        failure: `task ${finance.task.id}, to which this belongs, is ${status}`,
      });
      expect((await agent.sessions.get(sessionId)).status).toBe('failed');
    }
  });

  test('ends with it when a person ends its session', async () => {
    const [finance, legal] = await startChain();
    await mesh.as('user:alice').sessions.send(finance.sessionId, 'fail', 'enough');
    expect((await mesh.as('user:alice').tasks.get(legal.task.id)).status).toBe('cancelled');
  });

  test('needs no decision any more', async () => {
    const finance = await startWork(mesh, { target: 'manager', amount: 125_000 });
    const { task_id: id } = await finance.tools.call('send_task', {
      role: 'finance',
      description: 'Buy it.',
      amount: 125_000,
    });
    const child = await takeWork(mesh, 'agent:finance', (task) => task.id === id);
    const asked = await child.tools.call('request_approval', { reason: 'Please.' });
    await endTurn(child);
    await mesh.as('user:alice').tasks.cancel(finance.task.id, 'not needed');
    expect(await mesh.as('user:root').approvals.get(String(asked['approval_id']))).toMatchObject({
      status: 'withdrawn',
    });
  });

  test('ends alone when only it is called off, and who asked goes on', async () => {
    const [finance, legal, manager] = await startChain();
    await endTurn(finance);
    await mesh.as('user:alice').tasks.cancel(legal.task.id, 'not needed');
    expect((await mesh.as('user:alice').tasks.get(manager.task.id)).status).toBe('cancelled');
    expect((await mesh.as('user:alice').sessions.get(finance.sessionId)).status).toBe('active');
  });
});
