import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Approval } from '../../../src/core/approval.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { LEASE_USES } from '../support/lease.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { holdingOf } from '../support/tools.ts';
import { endTurn, startWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const finish = ({ tools }: Work, outcome = 'approved') =>
  tools.call('complete_task', { outcome, summary: 'There you are.' });

describe('a task of finance', () => {
  test.each([undefined, 0, 9999.99, 10_000])('over %s needs no approval', async (amount) => {
    const work = await startWork(mesh, { amount });
    expect(await work.tools.refuse('request_approval', { reason: 'Please.' })).toMatch(/needs no approval/);
    expect(await finish(work)).toMatchObject({ status: 'completed', outcome: 'approved' });
  });

  test.each([
    [10_000.01, 'over-10k'],
    [50_000, 'over-10k'],
    [50_000.01, 'over-50k'],
  ])('over %d needs the manager by rule %s', async (amount, rule) => {
    const work = await startWork(mesh, { amount });
    expect(await work.tools.refuse('complete_task', { outcome: 'approved', summary: 'Here.' })).toBe(
      `Rule ${rule} wants the approval of manager for ${amount} USD, and there is none that is valid and unused. ` +
        'Call request_approval and end your turn; go on when the answer arrives. An outcome of declined needs none.',
    );
    expect(await work.tools.call('request_approval', { reason: 'Please.' })).toMatchObject({
      approvers: ['manager'],
      policy: `v1/${rule}`,
    });
  });
});

test('a task of legal over 50,000 needs finance and the manager', async () => {
  const work = await startWork(mesh, { target: 'legal', amount: 60_000 });
  expect(await work.tools.call('request_approval', { reason: 'Please.' })).toMatchObject({
    approvers: ['finance', 'manager'],
  });
});

describe('without its approval, a gated task cannot be completed', () => {
  const REFUSED: Readonly<Record<string, (work: Work) => Promise<unknown>>> = {
    'by the tool': ({ tools }) => tools.refuse('complete_task', { outcome: 'done', summary: 'Done.' }),
    'by the route': async (work) => {
      expect(await refusalOf(LEASE_USES.complete(work))).toBe('approval_required');
    },
    'by the last words': async (work) => {
      expect(await endTurn(work)).toMatchObject({ next: 'refused' });
    },
    "by the agent's event": async ({ holder, sessionId }) => {
      expect(await refusalOf(holder.sessions.send(sessionId, 'complete'))).toBe('approval_required');
    },
    "by its owner's event": async ({ sessionId }) => {
      expect(await refusalOf(mesh.as('user:alice').sessions.send(sessionId, 'complete'))).toBe(
        'approval_required',
      );
    },
    "by an admin's event": async ({ sessionId }) => {
      expect(await refusalOf(mesh.as('user:root').sessions.send(sessionId, 'complete'))).toBe(
        'approval_required',
      );
    },
  };

  test.each(Object.keys(REFUSED))('%s', async (way) => {
    const work = await startWork(mesh, { amount: 125_000 });
    await REFUSED[way]?.(work);
    const alice = mesh.as('user:alice');
    expect(await alice.tasks.get(work.task.id)).toMatchObject({ status: 'active', outcome: null });
    expect((await alice.sessions.get(work.sessionId)).status).toBe('active');
    const [event] = await mesh.sql(
      `select subject, owner, trace_id, data->>'code' as code from events
       where kind = 'task.completion_refused' and subject = $1`,
      [`task:${work.task.id}`],
    );
    expect(event).toMatchObject({
      owner: 'user:alice',
      trace_id: work.task.trace_id,
      code: 'approval_required',
    });
  });

  test('but declined', async () => {
    const work = await startWork(mesh, { amount: 125_000 });
    expect(await finish(work, 'declined')).toMatchObject({ status: 'completed', outcome: 'declined' });
  });
});

test('a request that is open when its task ends is withdrawn', async () => {
  const work = await startWork(mesh, { amount: 125_000 });
  const asked = await work.tools.call('request_approval', { reason: 'Please.' });
  await finish(work, 'declined');
  expect((await mesh.as('user:alice').approvals.get(String(asked['approval_id']))).status).toBe('withdrawn');
  const reviews = await mesh.sql('select status, failure from tasks where parent_id = $1', [work.task.id]);
  expect(reviews).toEqual([
    { status: 'cancelled', failure: `the approval is withdrawn: task ${work.task.id} has ended` },
  ]);
  const late = mesh.as('agent:manager').approvals.decide(String(asked['approval_id']), {
    decision: 'approve',
    comment: 'Yes.',
  });
  await expect(late).rejects.toMatchObject({ code: 'approval_closed', details: { state: 'withdrawn' } });
});

describe('a request', () => {
  test('for another amount than that of the task is refused', async () => {
    const { tools } = await startWork(mesh, { amount: 125_000 });
    expect(await tools.refuse('request_approval', { reason: 'Please.', amount: 12_500 })).toBe(
      'The task is about 125000, but the request says 12500. ' +
        'An approval is bound to the amount of its task; ask for exactly that.',
    );
  });

  test('that is repeated gives the one that is open', async () => {
    const { tools } = await startWork(mesh, { amount: 125_000 });
    const first = await tools.call('request_approval', { reason: 'Please.' }, 'call-a');
    expect(await tools.call('request_approval', { reason: 'Please.' }, 'call-a')).toEqual(first);
    expect(await tools.call('request_approval', { reason: 'Now!' }, 'call-b')).toEqual(first);
  });

  test('made many times at once makes one', async () => {
    const { tools, task } = await startWork(mesh, { amount: 125_000 });
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => tools.call('request_approval', { reason: 'Please.' }, `call-${n}`)),
    );
    expect((await mesh.as('user:alice').approvals.list({ task_id: task.id })).items).toHaveLength(1);
  });

  test('is for the session that works on the task alone', async () => {
    const { task } = await startWork(mesh, { amount: 125_000 });
    const body = JSON.stringify({ task_id: task.id, reason: 'Please.' });
    const init = { method: 'POST', body };
    await problemOf(await mesh.fetch('agent:finance', '/approvals', init), 'forbidden');
    await problemOf(await mesh.fetch('agent:manager', '/approvals', init), 'forbidden');
    const other = await startWork(mesh, { amount: 125_000 });
    const response = await mesh.fetch('agent:finance', '/approvals', { ...init, ...holdingOf(other.claim) });
    await problemOf(response, 'forbidden');
    const refusals = await mesh.sql(`select 1 from events where kind = 'approval.refused' and subject = $1`, [
      `task:${task.id}`,
    ]);
    expect(refusals).toHaveLength(3);
  });

  test('by HTTP does what the tool does', async () => {
    const { task, claim } = await startWork(mesh, { amount: 125_000 });
    const response = await mesh.fetch('agent:finance', '/approvals', {
      method: 'POST',
      body: JSON.stringify({ task_id: task.id, reason: 'Please.', amount: 125_000 }),
      ...holdingOf(claim),
    });
    expect((await response.json()) as Approval).toMatchObject({
      requester: 'agent:finance',
      requester_role: 'finance',
      amount: 125_000,
      currency: 'USD',
      required: ['manager'],
      status: 'pending',
      receipt: null,
    });
  });
});
