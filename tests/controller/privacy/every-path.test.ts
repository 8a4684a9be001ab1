import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimAgain, endTurn, startWork, takeReview, takeWork, type Work } from '../support/work.ts';

/** SSNs are hidden from the manager, and from nobody else. */
let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const SSN = '536-22-8724';
const TEXT = `Grace has SSN ${SSN}.`;
const DATA = { note: TEXT, [TEXT]: 1, ssn: 536_228_724, deep: [{ ssn: '536228724' }] };
const HIDDEN = /536.?22.?8724/;

/** What the manager's agent was given on the way. */
type Given = readonly unknown[];

const toManager = (work: Work, task: object = {}) =>
  work.tools.call('send_task', { role: 'manager', description: `${randomUUID()} ${TEXT}`, ...task });

/** The manager asks legal something, and legal has begun to work on it. */
async function askLegal(): Promise<{ manager: Work; legal: Work }> {
  const manager = await startWork(mesh, { target: 'manager' });
  const asked = await manager.tools.call('send_task', { role: 'legal', description: `Who? ${randomUUID()}` });
  const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === asked['task_id']);
  return { manager, legal };
}

async function answersOf({ manager, legal }: { manager: Work; legal: Work }): Promise<Given> {
  return [await endTurn(manager), await manager.tools.call('fetch_status', { id: legal.task.id })];
}

/** The manager asks finance for its consent to 60,000, and finance has begun to look at it. */
async function askFinance() {
  const manager = await startWork(mesh, { target: 'manager', amount: 60_000 });
  const asked = await manager.tools.call('request_approval', { reason: 'Please.' });
  const id = String(asked['approval_id']);
  return { manager, id, finance: await takeReview(mesh, 'agent:finance', id) };
}

const PATHS: Readonly<Record<string, () => Promise<Given>>> = {
  'a task of a person': async () => {
    const work = await startWork(mesh, { target: 'manager', description: TEXT, data: DATA });
    return [work.claim];
  },
  'a task of an agent': async () => {
    const finance = await startWork(mesh);
    const { task_id: id } = await toManager(finance);
    return [(await takeWork(mesh, 'agent:manager', (task) => task.id === id)).claim];
  },
  'a task of an agent that repeats itself': async () => {
    const finance = await startWork(mesh);
    const session = { id: finance.sessionId, leaseId: finance.claim.lease_id };
    const task = { target: 'manager', description: TEXT, data: DATA };
    const send = () => mesh.as('agent:finance', { session }).tasks.route(task, { idempotencyKey: 'twin' });
    return [await send(), await send()];
  },
  'a notification': async () => {
    await (await startWork(mesh)).tools.call('notify', { role: 'manager', text: TEXT });
    return [];
  },
  'the reason of an approval': async () => {
    const finance = await startWork(mesh, { amount: 60_000 });
    const asked = await finance.tools.call('request_approval', { reason: TEXT });
    return [(await takeReview(mesh, 'agent:manager', String(asked['approval_id']))).claim];
  },
  'the comment on what it asked for': async () => {
    const { manager, id, finance } = await askFinance();
    await finance.tools.call('decide_approval', { approval_id: id, decision: 'reject', comment: TEXT });
    return [await endTurn(manager), await manager.tools.call('fetch_status', { id })];
  },
  'the comment of somebody who decides beside it': async () => {
    const legal = await startWork(mesh, { target: 'legal', amount: 60_000 });
    const asked = await legal.tools.call('request_approval', { reason: 'Please.' });
    const id = String(asked['approval_id']);
    const review = await takeReview(mesh, 'agent:finance', id);
    await review.tools.call('decide_approval', { approval_id: id, decision: 'approve', comment: TEXT });
    const manager = await takeReview(mesh, 'agent:manager', id);
    return [manager.claim, await manager.tools.call('fetch_status', { id })];
  },
  'why nobody decided': async () => {
    const { manager, id, finance } = await askFinance();
    const { lease_id } = finance.claim;
    await finance.agent.tasks.fail(finance.task.id, lease_id, { reason: TEXT, retryable: false });
    return [await endTurn(manager), await manager.agent.approvals.get(id)];
  },
  'a result by the tool': async () => {
    const asked = await askLegal();
    await asked.legal.tools.call('complete_task', { outcome: 'done', summary: TEXT });
    return answersOf(asked);
  },
  'a result by the route, with data': async () => {
    const asked = await askLegal();
    const { task, claim, sessionId } = asked.legal;
    const completed = await mesh.fetch('agent:legal', `/tasks/${task.id}/complete`, {
      method: 'POST',
      body: JSON.stringify({ lease_id: claim.lease_id, text: TEXT, data: DATA }),
      session: { id: sessionId, leaseId: claim.lease_id },
    });
    expect(completed.status).toBe(200);
    return answersOf(asked);
  },
  'a result by last words': async () => {
    const asked = await askLegal();
    const { agent, task, claim } = asked.legal;
    await agent.tasks.reportTurn(task.id, { lease_id: claim.lease_id, text: TEXT, told: [] });
    return answersOf(asked);
  },
  'a result that the session is resumed with': async () => {
    const asked = await askLegal();
    await endTurn(asked.manager);
    await asked.legal.tools.call('complete_task', { outcome: 'declined', summary: TEXT });
    return [await claimAgain(asked.manager)];
  },
  'why a task failed': async () => {
    const asked = await askLegal();
    const { agent, task, claim } = asked.legal;
    await agent.tasks.fail(task.id, claim.lease_id, { reason: TEXT, retryable: false });
    return answersOf(asked);
  },
  'why a task was called off': async () => {
    const asked = await askLegal();
    await mesh.as('user:alice').tasks.cancel(asked.legal.task.id, TEXT);
    return answersOf(asked);
  },
  'what a person says when pausing its session, and keeps with it': async () => {
    const manager = await startWork(mesh, { target: 'manager' });
    const alice = mesh.as('user:alice');
    await alice.sessions.mergeMetadata(manager.sessionId, DATA);
    await alice.sessions.send(manager.sessionId, 'pause', TEXT);
    return [
      await manager.agent.sessions.get(manager.sessionId),
      await manager.agent.sessions.transitions(manager.sessionId),
    ];
  },
  'why another agent refuses to work': async () => {
    const report = { instance: randomUUID(), status: 'refused', reason: TEXT } as const;
    await mesh.as('agent:legal').agents.register('legal', report);
    return [await mesh.as('agent:manager').agents.list()];
  },
};

test.each(Object.entries(PATHS))('a hidden kind does not reach the role by %s', async (_path, tell) => {
  const given = JSON.stringify(await tell());
  expect(given).not.toMatch(HIDDEN);
  expect(JSON.stringify(await readableByManager())).not.toMatch(HIDDEN);
  expect(JSON.stringify(await storedForManager())).not.toMatch(HIDDEN);
});

test('while those who may see it do', async () => {
  const { task } = await startWork(mesh, { target: 'legal', description: TEXT, data: DATA });
  expect(task).toMatchObject({ description: TEXT, data: DATA });
});

async function readableByManager() {
  const reader = await startWork(mesh, { target: 'manager', description: 'What is there?' });
  const limit = { limit: 500 };
  const [tasks, sessions, approvals] = await Promise.all([
    reader.agent.tasks.list(limit),
    reader.agent.sessions.list(limit),
    reader.agent.approvals.list(limit),
  ]);
  return [tasks, sessions, approvals, await reader.tools.call('list_inbox', { limit: 100 })];
}

/** Every row that is addressed to the manager, or answers what it asked, with all its columns. */
function storedForManager() {
  return mesh.sql(`
    select to_jsonb(t) as row from tasks t where 'manager' in (target, split_part(source, ':', 2))
    union all select to_jsonb(n) from notifications n where target = 'manager'
    union all select to_jsonb(s) from sessions s where role = 'manager'
    union all select to_jsonb(l) from session_transitions l join sessions s on s.id = l.session_id where s.role = 'manager'
    union all select to_jsonb(a) from approvals a where requester = 'agent:manager'
      or a.asked && array['manager', 'manager/agent', 'manager/human']
    union all select to_jsonb(d) from approval_decisions d join approvals a on a.id = d.approval_id
      where a.requester = 'agent:manager' or a.asked && array['manager', 'manager/agent', 'manager/human']`);
}
