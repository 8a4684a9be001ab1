import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, startReview } from '../support/work.ts';

const SHORT_HOURS = 1.2 / 3600;

let mesh: TestController;
let patient: TestController;
beforeAll(async () => {
  patient = await startTestController();
  const approvals = { ...patient.config.approvals, valid_for_hours: SHORT_HOURS };
  mesh = await startTestController({ approvals });
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
  await patient[Symbol.asyncDispose]();
});

const expired = (id: string) =>
  vi.waitUntil(async () => (await mesh.as('user:alice').approvals.get(id)).status === 'expired', {
    timeout: 10_000,
  });

test('a request that nobody decides in time expires, and who asked learns it', async () => {
  const { work, review, approvalId } = await startReview(mesh);
  expect((await claimAgain(work)).answers).toMatchObject([
    { id: approvalId, status: 'expired', by: null, text: 'nobody decided in time' },
  ]);
  await expired(approvalId);
  expect(await mesh.as('user:alice').tasks.get(review.task.id)).toMatchObject({
    status: 'cancelled',
    failure: 'the approval is expired: nobody decided in time',
  });
  await work.tools.refuse('complete_task', { outcome: 'approved', summary: 'Nobody objected.' });
});

test('what has expired cannot be decided', async () => {
  const { approvalId } = await startReview(mesh);
  await expired(approvalId);
  const late = mesh
    .as('agent:manager')
    .approvals.decide(approvalId, { decision: 'approve', comment: 'Yes.' });
  expect(await refusalOf(late)).toBe('approval_closed');
});

test('an approval holds no longer than its receipt', async () => {
  const { work, approvalId } = await startReview(mesh);
  await mesh.as('agent:manager').approvals.decide(approvalId, { decision: 'approve', comment: 'Yes.' });
  await vi.waitUntil(
    async () =>
      (await mesh.sql('select 1 from approvals where id = $1 and expires_at < now()', [approvalId])).length >
      0,
    { timeout: 10_000 },
  );
  await claimAgain(work);
  expect(await work.tools.refuse('complete_task', { outcome: 'approved', summary: 'Approved.' })).toMatch(
    /there is none that is valid and unused/,
  );
  const again = await work.tools.call('request_approval', { reason: 'Once more.' });
  expect(again['approval_id']).not.toBe(approvalId);
});
