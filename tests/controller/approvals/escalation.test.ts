import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApprovalPolicy } from '../../../src/core/policy.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, endTurn, startWork, takeReview } from '../support/work.ts';

const SOON = 0.6 / 3600;

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    approvals: ApprovalPolicy.parse({
      version: 1,
      currency: 'USD',
      rules: [
        {
          id: 'slow',
          types: ['slow'],
          approvers: [{ role: 'manager', who: 'human' }],
          deadline_hours: SOON,
          escalate_to: ['legal'],
        },
        {
          id: 'short',
          types: ['short'],
          approvers: ['legal', 'manager'],
          valid_for_hours: 2 * SOON,
        },
        {
          id: 'patient',
          types: ['patient'],
          approvers: ['manager'],
          deadline_hours: 1,
          escalate_to: ['legal'],
        },
        {
          id: 'boss',
          types: ['boss'],
          approvers: [{ 'manager-of': 'owner' }],
          deadline_hours: 1,
          escalate_to: ['legal'],
        },
      ],
    }),
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

async function ask(type: string) {
  const work = await startWork(mesh, { type });
  const asked = await work.tools.call('request_approval', { reason: 'We need it.' });
  await endTurn(work);
  return { work, id: String(asked['approval_id']) };
}

const decide = (actor: string, id: string, decision: 'approve' | 'reject' = 'approve') =>
  mesh.as(actor).approvals.decide(id, { decision, comment: 'So be it.' });

const get = (id: string) => mesh.as('user:alice').approvals.get(id);

test('after the deadline others may decide too, and are brought a review', async () => {
  const { id, work } = await ask('slow');
  await expect(decide('agent:legal', id)).rejects.toThrow(
    /not for legal to decide yet: manager \(human\) must/,
  );
  const review = await takeReview(mesh, 'agent:legal', id);
  expect(await get(id)).toMatchObject({ status: 'pending', escalated: [0], due_at: null });
  const [event] = await mesh.sql(
    `select actor, owner, data from events where kind = 'approval.escalated' and subject = $1`,
    [`approval:${id}`],
  );
  expect(event).toMatchObject({
    actor: 'controller',
    owner: 'user:alice',
    data: { stage: 0, escalated: [0] },
  });
  await review.tools.call('decide_approval', { approval_id: id, decision: 'approve', comment: 'Yes.' });
  expect((await claimAgain(work)).answers).toMatchObject([{ status: 'approved', by: 'agent:legal' }]);
});

test('who was asked first may still decide, and their rejection counts', async () => {
  const { id } = await ask('slow');
  const review = await takeReview(mesh, 'agent:legal', id);
  expect(await decide('user:bob', id, 'reject')).toMatchObject({ status: 'rejected' });
  expect(await mesh.as('user:alice').tasks.get(review.task.id)).toMatchObject({ status: 'cancelled' });
});

test('before the deadline they may not', async () => {
  const { id } = await ask('patient');
  expect((await get(id)).due_at).not.toBeNull();
  expect(await refusalOf(decide('agent:legal', id))).toBe('forbidden');
  expect(await decide('agent:manager', id)).toMatchObject({ status: 'approved', due_at: null });
});

test('where the org chart names nobody, the escalation decides from the start', async () => {
  const { id } = await ask('boss');
  expect(await get(id)).toMatchObject({ escalated: [0], due_at: null });
  expect(await decide('agent:legal', id)).toMatchObject({ status: 'approved' });
});

test('a rule says how long its requests hold, and who did not decide is named', async () => {
  const { id, work } = await ask('short');
  await decide('agent:legal', id);
  expect((await claimAgain(work)).answers).toMatchObject([
    { status: 'expired', text: expect.stringContaining('manager did not decide in time') as unknown },
  ]);
  await vi.waitUntil(async () => (await get(id)).status === 'expired');
  expect(await refusalOf(decide('agent:manager', id))).toBe('approval_closed');
});
