import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMeshError } from '../../../src/core/errors.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { LEASE_USES } from '../support/lease.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { holdingOf } from '../support/tools.ts';
import { claimAgain, claimOne, startReview, startWork, takeReview, type Work } from '../support/work.ts';

/** Two processes of one agent: the first has lost its task, which the second has begun anew in the same session. */
let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

interface Late extends Work {
  /** Of a review: what it is to decide. */
  readonly approvalId: string;
}

type Attempt = (late: Late) => Promise<unknown>;

const byTool =
  (name: string, args: Record<string, unknown>): Attempt =>
  ({ tools }) =>
    tools.call(name, args);
const byEvent =
  (event: string): Attempt =>
  ({ holder, sessionId }) =>
    holder.sessions.send(sessionId, event);

const SEND = { role: 'legal', description: 'May we?' };
const YES = { decision: 'approve', comment: 'Yes.' } as const;

/** Every way in which an agent changes something in its session, or on behalf of it. */
const WAYS: Readonly<Record<string, Attempt>> = {
  ...LEASE_USES,
  'tool complete_task': byTool('complete_task', { outcome: 'declined', summary: 'No.' }),
  'tool send_task': byTool('send_task', SEND),
  'tool request_approval': byTool('request_approval', { reason: 'Please.' }),
  'tool notify': byTool('notify', { role: 'legal', text: 'Mind this.' }),
  'POST /tasks/route': ({ holder }) => holder.tasks.route({ target: 'legal', description: 'May we?' }),
  'POST /approvals': (late) => requestByHttp(late),
  'event activate': byEvent('activate'),
  'event pause': byEvent('pause'),
  'event resume': byEvent('resume'),
  'event complete': byEvent('complete'),
  'event fail': byEvent('fail'),
  conversation: ({ holder, sessionId }) => holder.sessions.setConversation(sessionId, 'late'),
};

const DECISIONS: Readonly<Record<string, Attempt>> = {
  'tool decide_approval': ({ tools, approvalId }) =>
    tools.call('decide_approval', { approval_id: approvalId, ...YES }),
  'POST /approvals/{id}/decisions': ({ holder, approvalId }) => holder.approvals.decide(approvalId, YES),
};

describe.each(['released', 'claimed again'] as const)('a process whose task was %s', (fate) => {
  test.each(Object.keys(WAYS))('changes nothing: %s', async (way) => {
    const work = await startWork(mesh, { amount: 125_000 });
    await lose(work, 'finance', fate);
    await expectFenced({ ...work, approvalId: '' }, WAYS[way] ?? expect.unreachable());
  });

  test.each(Object.keys(DECISIONS))('decides nothing: %s', async (way) => {
    const { review, approvalId } = await startReview(mesh);
    await lose(review, 'manager', fate);
    await expectFenced({ ...review, approvalId }, DECISIONS[way] ?? expect.unreachable());
  });
});

test('what it did before is in the log all the same, and changes nothing either', async () => {
  const work = await startWork(mesh);
  await lose(work, 'finance', 'claimed again');
  const before = await snapshot(work);
  const said = { kind: 'said', id: randomUUID(), text: 'Too late.' } as const;
  await work.agent.sessions.report(work.sessionId, [said]);
  expect(await snapshot(work)).toEqual(before);
  const [event] = await mesh.sql('select kind from events where dedupe_key = $1', [said.id]);
  expect(event).toEqual({ kind: 'session.said' });
});

test('the process that has the task now is hindered in nothing', async () => {
  const work = await startWork(mesh);
  await lose(work, 'finance', 'released');
  await claimAgain(work);
  await work.tools.call('send_task', SEND);
  await work.tools.call('notify', { role: 'legal', text: 'Mind this.' });
  await work.tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
});

test('a replica of the role cannot use the lease of another one', async () => {
  const work = await startWork(mesh);
  const { client_id, client_secret } = mesh.credentialsOf('agent:finance-2');
  const form = { grant_type: 'client_credentials', client_id, client_secret };
  const binding = { session_id: work.sessionId, lease_id: work.claim.lease_id };
  const body = new URLSearchParams({ ...form, ...binding });
  await problemOf(await fetch(`${mesh.url}/oauth/token`, { method: 'POST', body }), 'forbidden');
});

test.each(['pause', 'activate', 'complete'])('%s needs a token of the session', async (event) => {
  const work = await startWork(mesh);
  const other = await startWork(mesh);
  for (const client of [work.agent, other.holder])
    expect(await refusalOf(client.sessions.send(work.sessionId, event))).toBe('forbidden');
  expect(await refusalOf(work.agent.sessions.setConversation(work.sessionId, 'mine'))).toBe('forbidden');
});

test('an approval is decided in the review that brought it, not in passing', async () => {
  const { work, approvalId } = await startReview(mesh);
  const { review: other } = await startReview(mesh);
  expect(await other.tools.refuse('decide_approval', { approval_id: approvalId, ...YES })).toMatch(
    /not brought to you as your present task/,
  );
  expect((await mesh.as('user:alice').approvals.get(approvalId)).status).toBe('pending');
  expect(work.task.status).toBe('active');
});

test('a review that was put back is decided by who takes it then', async () => {
  const { review, approvalId } = await startReview(mesh);
  await restart('manager');
  const again = await takeReview(mesh, 'agent:manager', approvalId);
  expect(again.sessionId).toBe(review.sessionId);
  expect(await again.tools.call('decide_approval', { approval_id: approvalId, ...YES })).toMatchObject({
    status: 'approved',
  });
});

/** The agent is started anew under its name, and takes up what its earlier life held. */
async function lose({ sessionId, agent }: Work, name: string, fate: 'released' | 'claimed again') {
  await restart(name);
  if (fate === 'claimed again') await claimOne(agent, ({ session }) => session.id === sessionId);
}

const restart = (name: string) =>
  mesh.as(`agent:${name}`).agents.register(name, { instance: randomUUID(), status: 'ready' });

async function expectFenced(late: Late, attempt: Attempt): Promise<void> {
  const before = await snapshot(late);
  await expect(attempt(late)).rejects.toSatisfy(isLeaseLost);
  expect(await snapshot(late)).toEqual(before);
}

/** By its code over HTTP, by its words from a tool. */
function isLeaseLost(error: unknown): boolean {
  if (isMeshError(error)) return error.code === 'lease_lost';
  return error instanceof Error && /is not leased to agent:\w+ under lease/.test(error.message);
}

/** All that a session's work consists of. */
async function snapshot({ task, sessionId }: Work) {
  return mesh.sql(
    `select to_jsonb(t) as task, to_jsonb(s) as session,
            (select count(*) from tasks where source_session_id = s.id) as questions,
            (select count(*) from approvals where session_id = s.id) as requests,
            (select count(*) from approval_decisions where approval_id = t.approval_id) as decisions,
            (select count(*) from notifications where task_id = t.id) as notifications
     from tasks t join sessions s on s.id = $2 where t.id = $1`,
    [task.id, sessionId],
  );
}

async function requestByHttp({ task, claim }: Work): Promise<unknown> {
  const body = JSON.stringify({ task_id: task.id, reason: 'Please.' });
  const response = await mesh.fetch('agent:finance', '/approvals', {
    method: 'POST',
    body,
    ...holdingOf(claim),
  });
  const { code, detail } = await problemOf(response, 'lease_lost');
  throw new Error(`${code}: ${detail}`);
}
