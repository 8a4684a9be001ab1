import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimAgain, endTurn, startReview, startWork, takeReview, type Work } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const ENDS: Readonly<
  Record<string, { end: (review: Work) => Promise<unknown>; reason: string; by: string }>
> = {
  'that its agent gives up': {
    end: ({ agent, task, claim }) =>
      agent.tasks.fail(task.id, claim.lease_id, { reason: 'ada@example.org is away', retryable: false }),
    reason: 'the review by manager ended as failed: [EMAIL hidden] is away',
    by: 'agent:manager',
  },
  'that its agent fails by an event': {
    end: ({ holder, sessionId }) => holder.sessions.send(sessionId, 'fail', 'no idea'),
    reason: 'the review by manager ended as failed: no idea',
    by: 'agent:manager',
  },
  'that a person calls off': {
    end: ({ task }) => mesh.as('user:alice').tasks.cancel(task.id, 'not needed'),
    reason: 'the review by manager ended as cancelled: not needed',
    by: 'user:alice',
  },
};

test.each(Object.keys(ENDS))('a review %s withdraws the request, and who asked learns it', async (name) => {
  const { end, reason, by } = ENDS[name] ?? expect.unreachable();
  const { work, review, approvalId } = await startReview(mesh);
  await end(review);
  expect(await mesh.as('user:alice').approvals.get(approvalId)).toMatchObject({
    status: 'withdrawn',
    closed_reason: reason,
  });
  const [event] = await mesh.sql(
    `select actor, data->>'reason' as reason from events where kind = 'approval.withdrawn' and subject = $1`,
    [`approval:${approvalId}`],
  );
  expect(event).toEqual({ actor: by, reason });
  expect((await claimAgain(work)).answers).toMatchObject([
    { id: approvalId, status: 'withdrawn', by: null, text: reason },
  ]);
});

test('who asked can ask again, and gets a new review', async () => {
  const { work, review, approvalId } = await startReview(mesh);
  await mesh.as('user:alice').tasks.cancel(review.task.id, 'wrong manager');
  const claim = await claimAgain(work);
  const again = String((await work.tools.call('request_approval', { reason: 'Please!' }))['approval_id']);
  expect(again).not.toBe(approvalId);
  expect(await endTurn({ agent: work.agent, claim }, [approvalId])).toEqual({
    next: 'wait',
    waiting_on: [`approval:${again}`],
  });
  const second = await takeReview(mesh, 'agent:manager', again);
  await second.tools.call('decide_approval', { approval_id: again, decision: 'approve', comment: 'Yes.' });
  expect((await claimAgain(work)).answers).toMatchObject([{ id: again, status: 'approved' }]);
});

test('a review that ends undecided ends the request also where another role has approved', async () => {
  const work = await startWork(mesh, { target: 'legal', amount: 60_000 });
  const approvalId = String(
    (await work.tools.call('request_approval', { reason: 'Please.' }))['approval_id'],
  );
  await endTurn(work);
  await mesh.as('agent:finance').approvals.decide(approvalId, { decision: 'approve', comment: 'Go ahead.' });
  const review = await takeReview(mesh, 'agent:manager', approvalId);
  await review.holder.sessions.send(review.sessionId, 'fail', 'no idea');
  expect((await claimAgain(work)).answers).toMatchObject([
    {
      status: 'withdrawn',
      by: null,
      text: 'the review by manager ended as failed: no idea\nfinance (approve): Go ahead.',
    },
  ]);
});
