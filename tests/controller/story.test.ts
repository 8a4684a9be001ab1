import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../support/controller.ts';
import { claimAgain, endTurn, startWork, takeWork } from './support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

test('a budget request over 50,000 pauses for the manager and completes with the decision', async () => {
  const alice = mesh.as('user:alice');
  const work = await startWork(mesh, {
    description: 'Three engineers; one is Ada, ada@example.org, SSN 536-22-8724.',
    amount: 125_000,
  });
  expect(work.claim.task.description).toContain('536-22-8724');

  const asked = await work.tools.call('request_approval', {
    amount: 125_000,
    reason: 'For ada@example.org, SSN 536-22-8724',
  });
  expect(asked).toMatchObject({ approvers: ['manager'], status: 'requested' });
  expect((await endTurn(work)).next).toBe('wait');
  expect((await alice.sessions.get(work.sessionId)).status).toBe('paused');

  const review = await takeWork(mesh, 'agent:manager');
  expect(review.task.description).toContain('ada@example.org');
  expect(review.task.description).not.toContain('536-22-8724');
  await review.tools.call('decide_approval', {
    approval_id: asked['approval_id'],
    decision: 'approve',
    comment: 'Go ahead.',
  });

  const resumed = await claimAgain(work);
  expect(resumed.session.id).toBe(work.sessionId);
  expect(resumed.answers).toMatchObject([{ kind: 'approval', status: 'approved', by: 'agent:manager' }]);
  await work.tools.call('complete_task', { outcome: 'approved', summary: 'Approved by the manager.' });
  expect(await alice.tasks.get(work.task.id)).toMatchObject({ status: 'completed', outcome: 'approved' });
  expect((await alice.sessions.get(work.sessionId)).status).toBe('completed');
  expect((await review.agent.sessions.get(review.sessionId)).status).toBe('completed');
});
