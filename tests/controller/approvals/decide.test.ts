import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { claimAgain, endTurn, startReview, startWork, takeReview, takeWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    moreClients: [
      { kind: 'user', name: 'carol', roles: ['finance', 'manager'] },
      { kind: 'user', name: 'dave', roles: ['legal'] },
      { kind: 'user', name: 'erin', roles: ['manager'] },
    ],
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

const yes = { decision: 'approve', comment: 'Go ahead.' } as const;
const no = { decision: 'reject', comment: 'Too much.' } as const;

/** Legal needs finance and the manager for 60,000. */
async function startTwoReviews() {
  const work = await startWork(mesh, { target: 'legal', amount: 60_000 });
  const asked = await work.tools.call('request_approval', { reason: 'Please.' });
  await endTurn(work);
  const approvalId = String(asked['approval_id']);
  const finance = await takeReview(mesh, 'agent:finance', approvalId);
  const manager = await takeReview(mesh, 'agent:manager', approvalId);
  return { work, finance, manager, approvalId };
}

describe('the manager', () => {
  test('approves by the tool, which ends the review and wakes who asked', async () => {
    const { work, review, approvalId } = await startReview(mesh);
    expect(review.task).toMatchObject({ type: 'approval-review', parent_id: work.task.id, amount: 125_000 });
    expect(await review.tools.call('decide_approval', { approval_id: approvalId, ...yes })).toMatchObject({
      status: 'approved',
    });
    expect(await mesh.as('user:alice').tasks.get(review.task.id)).toMatchObject({
      status: 'completed',
      result: { text: 'Go ahead.' },
    });
    expect((await claimAgain(work)).answers).toMatchObject([
      { kind: 'approval', status: 'approved', by: 'agent:manager', text: 'manager (approve): Go ahead.' },
    ]);
  });

  test('cannot end the review without deciding', async () => {
    const { review, approvalId } = await startReview(mesh);
    expect(
      await review.tools.refuse('complete_task', { outcome: 'approved', summary: 'I approve.' }),
    ).toMatch(/still waiting for the decision of manager. Call decide_approval/);
    expect(await endTurn(review)).toMatchObject({ next: 'refused' });
    expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('pending');
  });

  test('may say the same again, and nothing else', async () => {
    const { approvalId } = await startReview(mesh);
    const manager = mesh.as('agent:manager');
    const first = await manager.approvals.decide(approvalId, yes);
    expect(await manager.approvals.decide(approvalId, yes)).toEqual(first);
    expect(await refusalOf(manager.approvals.decide(approvalId, no))).toBe('approval_closed');
    expect((await manager.approvals.get(approvalId)).decisions).toHaveLength(1);
  });

  test('rejects, and may be asked again', async () => {
    const { work, approvalId } = await startReview(mesh);
    await mesh.as('agent:manager').approvals.decide(approvalId, no);
    const claim = await claimAgain(work);
    expect(claim.answers).toMatchObject([{ status: 'rejected', text: 'manager (reject): Too much.' }]);
    await work.tools.refuse('complete_task', { outcome: 'approved', summary: 'Approved!' });
    const again = await work.tools.call('request_approval', { reason: 'It is needed by law.' });
    expect(again['approval_id']).not.toBe(approvalId);
    expect(await endTurn({ agent: work.agent, claim }, [approvalId])).toMatchObject({ next: 'wait' });
    await mesh.as('agent:manager').approvals.decide(String(again['approval_id']), yes);
    expect((await claimAgain(work)).answers).toMatchObject([
      { id: again['approval_id'], status: 'approved' },
    ]);
    await work.tools.call('complete_task', { outcome: 'approved', summary: 'Approved.' });
  });
});

test('a decision that the conversation has not heard of is not told by the way', async () => {
  const work = await startWork(mesh, { amount: 125_000 });
  const asked = await work.tools.call('request_approval', { reason: 'Please.' });
  await mesh.as('agent:manager').approvals.decide(String(asked['approval_id']), no);
  expect(await work.tools.call('request_approval', { reason: 'Please!' })).toEqual(asked);
  expect(await endTurn(work)).toMatchObject({ next: 'answers', answers: [{ status: 'rejected' }] });
});

describe('where two must agree', () => {
  test('one is not enough', async () => {
    const { work, finance, approvalId } = await startTwoReviews();
    const decided = await finance.tools.call('decide_approval', { approval_id: approvalId, ...yes });
    expect(decided).toMatchObject({ status: 'pending' });
    expect(await mesh.as('user:alice').tasks.get(finance.task.id)).toMatchObject({ status: 'completed' });
    expect((await mesh.as('user:alice').sessions.get(work.sessionId)).status).toBe('paused');
    await mesh.as('agent:manager').approvals.decide(approvalId, yes);
    expect((await claimAgain(work)).answers).toMatchObject([{ by: 'agent:finance, agent:manager' }]);
  });

  test('one rejection is, and spares the other', async () => {
    const { manager, approvalId } = await startTwoReviews();
    expect(await mesh.as('agent:finance').approvals.decide(approvalId, no)).toMatchObject({
      status: 'rejected',
    });
    expect(await mesh.as('user:alice').tasks.get(manager.task.id)).toMatchObject({ status: 'cancelled' });
    expect(await refusalOf(mesh.as('agent:manager').approvals.decide(approvalId, yes))).toBe(
      'approval_closed',
    );
  });

  test('only who rejected is named as the one', async () => {
    const { work, approvalId } = await startTwoReviews();
    await mesh.as('agent:finance').approvals.decide(approvalId, yes);
    await mesh.as('agent:manager').approvals.decide(approvalId, no);
    expect((await claimAgain(work)).answers).toMatchObject([
      {
        by: 'agent:manager',
        status: 'rejected',
        text: 'finance (approve): Go ahead.\nmanager (reject): Too much.',
      },
    ]);
  });

  test('both at once settle it once', async () => {
    const { work, approvalId } = await startTwoReviews();
    await Promise.all(
      ['agent:finance', 'agent:manager'].map((actor) => mesh.as(actor).approvals.decide(approvalId, yes)),
    );
    expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('approved');
    const settled = await mesh.sql(`select 1 from events where subject = $1 and kind = 'approval.approved'`, [
      `approval:${approvalId}`,
    ]);
    expect(settled).toHaveLength(1);
    expect((await claimAgain(work)).answers).toHaveLength(1);
  });

  test('a person of both roles decides for one of them, and nobody twice', async () => {
    const { approvalId } = await startTwoReviews();
    const decideAs = (actor: string, role: string) =>
      mesh.as(actor).approvals.decide(approvalId, { ...yes, role });
    expect(await decideAs('user:carol', 'manager')).toMatchObject({
      status: 'pending',
      decisions: [{ role: 'manager', actor: 'user:carol' }],
    });
    expect(await decideAs('user:carol', 'manager')).toMatchObject({ status: 'pending' });
    expect(await refusalOf(decideAs('user:carol', 'finance'))).toBe('forbidden');
    expect(await decideAs('agent:finance', 'finance')).toMatchObject({ status: 'approved' });
  });
});

describe('people', () => {
  test('decide in the roles that they have', async () => {
    const { approvalId, review } = await startReview(mesh);
    expect(await mesh.as('user:bob').approvals.decide(approvalId, yes)).toMatchObject({
      status: 'approved',
      decisions: [{ role: 'manager', actor: 'user:bob' }],
    });
    expect(await mesh.as('user:alice').tasks.get(review.task.id)).toMatchObject({ status: 'completed' });
  });

  test('may not decide in a role that they have not, nor in one that was not asked', async () => {
    const { approvalId } = await startReview(mesh);
    const decideAs = (actor: string, role: string) =>
      mesh.as(actor).approvals.decide(approvalId, { ...yes, role });
    expect(await refusalOf(decideAs('user:alice', 'manager'))).toBe('forbidden');
    expect(await refusalOf(decideAs('user:bob', 'finance'))).toBe('forbidden');
    expect(await refusalOf(decideAs('user:carol', 'finance'))).toBe('forbidden');
    expect(await refusalOf(decideAs('user:dave', 'legal'))).toBe('not_found');
  });
});

describe('nobody else decides', () => {
  test('neither who asked, though it has a role that must decide', async () => {
    // Finance asks as its own role; a policy that names it nevertheless must not let it answer itself.
    const { approvalId, work } = await startReview(mesh);
    expect(await refusalOf(work.agent.approvals.decide(approvalId, yes))).toBe('forbidden');
    expect(await work.tools.refuse('decide_approval', { approval_id: approvalId, ...yes })).toMatch(
      /for manager to decide, not for agent:finance/,
    );
  });

  test('nor an agent of another role, and the attempt is in the log of whom it is about', async () => {
    const { approvalId, work } = await startReview(mesh);
    expect(await refusalOf(mesh.as('agent:legal').approvals.decide(approvalId, yes))).toBe('forbidden');
    const [event] = await mesh.sql(`select * from events where kind = 'approval.refused' and subject = $1`, [
      `approval:${approvalId}`,
    ]);
    expect(event).toMatchObject({ actor: 'agent:legal', owner: 'user:alice', trace_id: work.task.trace_id });
  });

  test.each(['user:erin', 'user:root'])('nor %s on what is done on its own behalf', async (actor) => {
    const { id } = await mesh
      .as(actor)
      .tasks.route({ target: 'finance', description: 'New chairs.', amount: 125_000 });
    const work = await takeWork(mesh, 'agent:finance', (task) => task.id === id);
    const asked = await work.tools.call('request_approval', { reason: 'Please.' });
    const approvalId = String(asked['approval_id']);
    expect(await refusalOf(mesh.as(actor).approvals.decide(approvalId, yes))).toBe('forbidden');
    const other = actor === 'user:root' ? 'user:erin' : 'user:root';
    expect(await mesh.as(other).approvals.decide(approvalId, yes)).toMatchObject({ status: 'approved' });
  });

  test('on what there is not', async () => {
    expect(await refusalOf(mesh.as('agent:manager').approvals.decide(randomUUID(), yes))).toBe('not_found');
  });
});

test.each([
  { decision: 'maybe', comment: 'Hm.' },
  { decision: 'approve' },
  { decision: 'approve', comment: '' },
  { ...yes, amount: 1 },
])('the decision %j is refused', async (body) => {
  const response = await mesh.fetch('user:bob', `/approvals/${randomUUID()}/decisions`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  await problemOf(response, 'invalid_request');
});

describe('the database', () => {
  const insert = (approvalId: string, role: string, actor: string) =>
    mesh.sql(
      `insert into approval_decisions (approval_id, seat, role, actor, decision, comment)
       values ($1, 0, $2, $3, 'approve', 'by hand')`,
      [approvalId, role, actor],
    );

  test('lets nobody decide on their own request', async () => {
    const { approvalId } = await startReview(mesh);
    await expect(insert(approvalId, 'manager', 'agent:finance')).rejects.toThrow(
      /may not decide on its own request/,
    );
  });

  test('lets nobody decide on what is done on their own behalf', async () => {
    const { approvalId } = await startReview(mesh);
    await expect(insert(approvalId, 'manager', 'user:alice')).rejects.toThrow(
      /may not decide on what happens on its own behalf/,
    );
  });

  test('lets nobody decide for a role that was not asked', async () => {
    const { approvalId } = await startReview(mesh);
    await expect(insert(approvalId, 'legal', 'agent:legal')).rejects.toThrow(/is not for legal to decide/);
  });

  test.each([
    'amount = 1',
    `required = '{legal}'`,
    `expires_at = now() + interval '10 years'`,
    `requester = 'agent:legal'`,
    `owner = 'user:bob'`,
    `steps = '[]'`,
    `asked = '{legal}'`,
    `policy_digest = repeat('0', 64)`,
  ])('does not let set %s', async (change) => {
    const { approvalId } = await startReview(mesh);
    const update = mesh.sql(`update approvals set ${change} where id = $1`, [approvalId]);
    await expect(update).rejects.toThrow(/does not change/);
  });

  test('keeps an answer as it is', async () => {
    const { approvalId } = await startReview(mesh);
    await mesh.as('agent:manager').approvals.decide(approvalId, no);
    const update = mesh.sql(`update approvals set status = 'approved', receipt = 'x' where id = $1`, [
      approvalId,
    ]);
    await expect(update).rejects.toThrow(/is rejected and stays so/);
    for (const statement of [
      `update approval_decisions set decision = 'approve'`,
      'delete from approval_decisions',
      'truncate approval_decisions',
      'truncate approvals cascade',
    ]) {
      await expect(mesh.sql(statement), statement).rejects.toThrow(/append-only/);
    }
  });

  test.each([
    'amount = 1',
    `currency = 'EUR'`,
    `owner = 'user:mallory'`,
    `target = 'legal'`,
    `data = '{"department": "none"}'`,
    'priority = 0',
  ])('does not let a task be set to %s', async (change) => {
    const { task } = await startWork(mesh, { amount: 125_000 });
    await expect(mesh.sql(`update tasks set ${change} where id = $1`, [task.id])).rejects.toThrow(
      /stays as it is/,
    );
  });
});
