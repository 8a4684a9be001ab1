import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { endTurn, startReview, startWork, takeWork } from '../support/work.ts';

const SSN = '536-22-8724';
const TEXT = `Ada, ada@example.org, SSN ${SSN}`;
const HIDDEN = 'Ada, ada@example.org, SSN [US_SSN hidden]';

/** Finance and the manager may not see SSNs, legal may. */
let mesh: TestController;
beforeAll(async () => {
  const [finance, manager, legal] = await Promise.all(['finance', 'manager', 'legal'].map(readProfile));
  const profiles = [finance, manager].flatMap((profile) =>
    profile === undefined
      ? []
      : { ...profile, policies: { ...profile.policies, hidden: ['US_SSN' as const] } },
  );
  mesh = await startTestController({ profiles: legal === undefined ? profiles : [...profiles, legal] });
});
afterAll(() => mesh[Symbol.asyncDispose]());

test('a task is stored without what its target may not see, in every field and depth', async () => {
  const task = await mesh.as('user:alice').tasks.route({
    target: 'manager',
    description: TEXT,
    data: { person: { ssn: SSN, notes: [TEXT] }, [SSN]: 1, ssn: 536_228_724 },
  });
  expect(task.description).toBe(HIDDEN);
  expect(JSON.stringify(task.data)).not.toMatch(/536.?22.?8724/);
  expect(await storedTexts()).not.toMatch(/536.?22.?8724/);
});

test('who may see it gets it', async () => {
  const task = await mesh
    .as('user:alice')
    .tasks.route({ target: 'legal', description: TEXT, data: { ssn: SSN } });
  expect(task).toMatchObject({ description: TEXT, data: { ssn: SSN } });
  await mesh.as('user:alice').tasks.cancel(task.id, 'seen');
});

test('the reason of an approval is stored without what the approvers may not see', async () => {
  const work = await startWork(mesh, { amount: 125_000 });
  await work.tools.call('request_approval', { reason: TEXT });
  const [approval] = await mesh.sql('select reason from approvals where task_id = $1', [work.task.id]);
  expect(approval).toEqual({ reason: HIDDEN });
  const review = await takeWork(mesh, 'agent:manager', ({ parent_id }) => parent_id === work.task.id);
  expect(review.task.description).toContain(HIDDEN);
});

test('the comment on a decision is stored without what the one who asked may not see', async () => {
  const { work, review, approvalId } = await startReview(mesh);
  await review.tools.call('decide_approval', { approval_id: approvalId, decision: 'reject', comment: TEXT });
  const [decision] = await mesh.sql('select comment from approval_decisions where approval_id = $1', [
    approvalId,
  ]);
  expect(decision).toEqual({ comment: HIDDEN });
  expect(await work.tools.call('fetch_status', { id: approvalId })).toMatchObject({
    decisions: [{ comment: HIDDEN }],
  });
});

test.each(['tool', 'route', 'last words'])(
  'a result is stored without what its reader may not see: by %s',
  async (way) => {
    const work = await startWork(mesh);
    const sent = await work.tools.call('send_task', { role: 'legal', description: `Who? ${way}` });
    const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === sent['task_id']);
    const lease = { lease_id: legal.claim.lease_id, told: [] };
    if (way === 'tool') await legal.tools.call('complete_task', { outcome: 'done', summary: TEXT });
    if (way === 'route') await legal.agent.tasks.complete(legal.task.id, lease.lease_id, { text: TEXT });
    if (way === 'last words') await legal.agent.tasks.reportTurn(legal.task.id, { ...lease, text: TEXT });
    const answered = await endTurn(work);
    expect(answered).toMatchObject({ next: 'answers', answers: [{ text: HIDDEN }] });
  },
);

test('a notification is stored without what its role may not see', async () => {
  const { tools } = await startWork(mesh);
  await tools.call('notify', { role: 'manager', text: TEXT });
  const [notification] = await mesh.sql(`select text from notifications where target = 'manager'`);
  expect(notification).toEqual({ text: HIDDEN });
});

test('a person gets the result as it is', async () => {
  const work = await startWork(mesh, { target: 'legal', description: TEXT });
  await work.tools.call('complete_task', { outcome: 'done', summary: TEXT });
  expect((await mesh.as('user:alice').tasks.get(work.task.id)).result?.text).toBe(TEXT);
});

async function storedTexts(): Promise<string> {
  const rows = await mesh.sql(`select to_jsonb(t)::text as text from tasks t where target = 'manager'`);
  return JSON.stringify(rows);
}
