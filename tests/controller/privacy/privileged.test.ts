import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import {
  claimAgain,
  endTurn,
  startReview,
  startWork,
  takeReview,
  takeWork,
  type Work,
} from '../support/work.ts';

/**
 * Alice brings finance a privileged matter, which finance takes to legal, and legal asks finance for one thing more.
 * Finance and legal are cleared, the manager is not.
 */
const MATTER = 'A possible SOX issue in the Q4 expenses, accounts 6100, 6200, 6300: impact $45,000.';
const DATA = { supplier: 'Northwind Traders', impact: 45_000, contact: 'ada@example.org' };
const ANSWER = 'It was signed off by Globex Partners under INV-77-12.';
/** What the manager must never see of it, whatever is told. */
const FACTS = /6.?100|6200|6300|45.?000|45k|northwind|ada@|INV.?77|possible sox issue in/i;
const RUMOUR =
  'Psst: POSSIBLE sox issue, in the Q4 expenses! 45k at 6100/6-200, by Northwind-Traders (ada@example.org)';
const GOSSIP = `${RUMOUR}; inv 77 12.`;

let mesh: TestController;
let finance: Work;
let legal: Work;
beforeAll(async () => {
  mesh = await startTestController();
  finance = await startWork(mesh, { description: MATTER, data: DATA, amount: 125_000, privileged: true });
  const sent = await finance.tools.call('send_task', {
    role: 'legal',
    description: `${MATTER} Your advice?`,
  });
  legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === sent['task_id']);
  await endTurn(finance);
  const asked = await legal.tools.call('send_task', { role: 'finance', description: 'Who signed it off?' });
  await finance.tools.goOn(await claimAgain(finance));
  await finance.tools.call('complete_task', { task_id: asked['task_id'], outcome: 'done', summary: ANSWER });
});
afterAll(() => mesh[Symbol.asyncDispose]());

/** Legal sends the manager a summary, and the manager's agent takes it. */
async function summarise(description: string): Promise<Work> {
  const sent = await legal.tools.call('send_task', { role: 'manager', description });
  return takeWork(mesh, 'agent:manager', ({ id }) => id === sent['task_id']);
}

/** The first fact in a value with what stands around it; ids, digests and times may hold any digits. */
function factIn(value: unknown): string | undefined {
  const text = JSON.stringify(value).replace(
    /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,64}|\d{4}-\d\d-\d\dT[\d:.]+/g,
    '',
  );
  return new RegExp(`.{0,30}(${FACTS.source}).{0,30}`, 'i').exec(text)?.[0];
}

function rowsAbout(table: string, where: string, value: string) {
  return mesh.sql(`select * from ${table} where ${where}`, [value]);
}

describe('what comes from privileged work is privileged', () => {
  test('tasks, sessions, reviews, approvals and notifications alike', async () => {
    await legal.tools.call('notify', { role: 'finance', text: 'Noted.' });
    const asked = await finance.tools.call('request_approval', { reason: 'For the audit.' });
    const review = await takeReview(mesh, 'agent:manager', String(asked['approval_id']));
    await review.tools.call('decide_approval', {
      approval_id: String(asked['approval_id']),
      decision: 'reject',
      comment: 'Not now.',
    });
    for (const table of ['tasks', 'sessions', 'approvals', 'notifications']) {
      const rows = await mesh.sql<{ privileged: boolean }>(`select privileged from ${table}`);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every(({ privileged }) => privileged)).toBe(true);
    }
  });

  test('and what does not is not', async () => {
    const work = await startWork(mesh, { target: 'legal' });
    expect([work.task.privileged, work.claim.session.privileged]).toEqual([false, false]);
    await work.tools.call('complete_task', { outcome: 'done', summary: 'Fine.' });
  });
});

test('cleared roles are told everything', async () => {
  expect(legal.task.description).toContain(MATTER);
  expect(await endTurn(legal)).toMatchObject({ next: 'answers', answers: [{ text: ANSWER }] });
});

describe('a role that is not cleared is told no fact', () => {
  test('by a task, in any field', async () => {
    const manager = mesh.as('agent:legal', {
      session: { id: legal.sessionId, leaseId: legal.claim.lease_id },
    });
    const task = await manager.tasks.route({
      target: 'manager',
      description: `For your information. ${GOSSIP}`,
      data: { [GOSSIP]: [GOSSIP, { n: 6100, exact: 45_000 }] },
    });
    expect(factIn(await rowsAbout('tasks', 'id = $1', task.id))).toBeUndefined();
    expect(task.description).toMatch(/^For your information\. Psst: .*\[privileged\]/);
    expect(factIn(await rowsAbout('tasks', 'target = $1', 'manager'))).toBeUndefined();
  });

  test('by a notification', async () => {
    await legal.tools.call('notify', { role: 'manager', text: GOSSIP });
    expect(factIn(await rowsAbout('notifications', 'target = $1', 'manager'))).toBeUndefined();
  });

  test('by the reason of an approval and the comments on it, though the amount that it is bound to', async () => {
    const other = await startWork(mesh, {
      description: MATTER,
      data: DATA,
      amount: 125_000,
      privileged: true,
    });
    const asked = await other.tools.call('request_approval', { reason: RUMOUR });
    const id = String(asked['approval_id']);
    const review = await takeReview(mesh, 'agent:manager', id);
    expect(review.task.amount).toBe(125_000);
    expect(factIn({ ...review.task, amount: 0 })).toBeUndefined();
    await mesh.as('user:bob').approvals.decide(id, { decision: 'reject', comment: RUMOUR });
    const seen = await mesh.as('agent:manager').approvals.get(id);
    expect(seen).toMatchObject({ privileged: true, amount: 125_000, status: 'rejected' });
    expect(factIn(seen)).toBeUndefined();
    expect(JSON.stringify(seen.decisions)).toContain('[privileged]');
  });

  test.each(['completes', 'fails'] as const)('by the end of a task of its own, when that %s', async (way) => {
    const { review: manager } = await startReview(mesh, {
      description: MATTER,
      data: DATA,
      privileged: true,
    });
    const asked = await manager.tools.call('send_task', { role: 'legal', description: 'What is it about?' });
    const answering = await takeWork(mesh, 'agent:legal', ({ id }) => id === asked['task_id']);
    const { lease_id } = answering.claim;
    if (way === 'completes')
      await answering.agent.tasks.complete(answering.task.id, lease_id, { text: RUMOUR });
    else await answering.agent.tasks.fail(answering.task.id, lease_id, { reason: RUMOUR, retryable: false });
    const verdict = await endTurn(manager);
    expect(JSON.stringify(verdict)).toContain('[privileged]');
    expect(factIn(verdict)).toBeUndefined();
    expect(factIn(await manager.tools.call('fetch_status', { id: answering.task.id }))).toBeUndefined();
  });

  test('by what people keep with its session, or say when they pause it', async () => {
    const manager = await summarise('Please wait.');
    const alice = mesh.as('user:alice');
    await alice.sessions.mergeMetadata(manager.sessionId, { note: GOSSIP });
    await alice.sessions.send(manager.sessionId, 'pause', GOSSIP);
    const session = await manager.agent.sessions.get(manager.sessionId);
    const history = await manager.agent.sessions.transitions(manager.sessionId);
    expect(session.metadata).toEqual({ note: expect.stringContaining('[privileged]') as unknown });
    expect(factIn([session, history])).toBeUndefined();
  });

  test('by what it passes on itself, and its answers come back as they are', async () => {
    const manager = await summarise('Please acknowledge.');
    await manager.tools.call('complete_task', { outcome: 'done', summary: 'I acknowledge 6100 of them.' });
    const { items } = await mesh.as('agent:legal').tasks.list({ target: 'manager' });
    expect(items.find(({ id }) => id === manager.task.id)?.result?.text).toBe('I acknowledge 6100 of them.');
  });
});

describe('a conversation of a cleared role is not told of other matters, of which nothing is known there', () => {
  test('by its inbox, nor by asking how they stand', async () => {
    await legal.tools.call('notify', { role: 'finance', text: `For finance: ${ANSWER}` });
    const working = await startWork(mesh, { description: MATTER, data: DATA, privileged: true });
    const { task } = working;
    const other = await startWork(mesh, { description: 'Chairs.' });
    const inbox = await other.tools.call('list_inbox', { limit: 100 });
    expect(factIn(inbox)).toBeUndefined();
    expect(inbox['tasks']).toContainEqual(
      expect.objectContaining({ task_id: task.id, description: '[privileged]' }),
    );
    await working.tools.call('complete_task', { outcome: 'done', summary: ANSWER });
    const status = await other.tools.call('fetch_status', { id: task.id });
    expect(status).toMatchObject({ status: 'completed' });
    expect(factIn(status)).toBeUndefined();
  });

  test('but its own matter is, and cannot tell others of it', async () => {
    const news = 'Initech is named in file 8081.';
    await legal.tools.call('notify', { role: 'finance', text: news });
    const seen = await finance.tools.call('list_inbox', { limit: 100 });
    expect(JSON.stringify(seen)).toContain(news);
    await finance.tools.call('notify', { role: 'manager', text: `Heard: ${news}` });
    const [heard] = await rowsAbout('notifications', 'text like $1', 'Heard: %');
    expect(heard).toMatchObject({ text: 'Heard: [privileged].' });
  });

  test('and what it tells once it knows of a privileged one is privileged', async () => {
    const asker = await startWork(mesh, { description: 'Chairs.' });
    await asker.tools.call('send_task', { role: 'legal', description: MATTER, privileged: true });
    await asker.tools.call('notify', { role: 'legal', text: `As said: ${MATTER}` });
    expect(await rowsAbout('notifications', 'text like $1', 'As said: %')).toMatchObject([
      { privileged: true },
    ]);
    await asker.tools.refuse('complete_task', { task_id: randomUUID(), outcome: 'done', summary: 'x' });
    const refusals = await mesh.sql<{ data: Record<string, unknown> }>(
      `select data from events where kind = 'task.completion_refused' and trace_id = $1`,
      [asker.task.trace_id],
    );
    expect(refusals).toMatchObject([{ data: { privileged: true } }]);
  });
});

describe('what cannot be hidden is refused', () => {
  test.each([
    [{ amount: 45_000 }, 'The amount is a fact of privileged work, for which manager is not cleared.'],
    [
      { type: 'northwind-traders' },
      'The type is a fact of privileged work, for which manager is not cleared.',
    ],
  ])('%j', async (fields, words) => {
    const task = { role: 'manager', description: 'Please acknowledge.', ...fields };
    expect(await legal.tools.refuse('send_task', task)).toContain(words);
  });

  test('but to a cleared role an amount may be sent', async () => {
    const task = { role: 'finance', description: 'Please check.', amount: 45_000 };
    expect(await legal.tools.call('send_task', task)).toMatchObject({ to: 'finance' });
  });

  test('nor may the type, which stands in the log, name what the task is about', async () => {
    const task = {
      target: 'legal',
      description: 'About account 6100.',
      type: 'account-6100',
      privileged: true,
    };
    const response = await mesh.fetch('user:alice', '/tasks/route', {
      method: 'POST',
      body: JSON.stringify(task),
    });
    expect((await problemOf(response, 'forbidden')).detail).toBe(
      'The type of a privileged task stands in the log, but this one names a fact of it.',
    );
  });

  test('and what is privileged from the start goes to cleared roles alone', async () => {
    const body = JSON.stringify({ target: 'manager', description: 'Between us.', privileged: true });
    const response = await mesh.fetch('user:alice', '/tasks/route', { method: 'POST', body });
    expect(await problemOf(response, 'forbidden')).toMatchObject({
      hint: 'Cleared: finance, legal.',
      cleared: ['finance', 'legal'],
    });
  });
});

describe('work that tells something as privileged, or is answered so, becomes privileged itself', () => {
  async function consult(target: string, source: Work | undefined) {
    const asked =
      source === undefined
        ? undefined
        : await source.tools.call('send_task', { role: target, description: `Well? ${randomUUID()}` });
    const asker =
      asked === undefined
        ? await startWork(mesh, { target, description: 'Well?', amount: 60_000 })
        : await takeWork(mesh, `agent:${target}`, ({ id }) => id === asked['task_id']);
    const sent = await asker.tools.call('send_task', {
      role: 'legal',
      description: MATTER,
      privileged: true,
    });
    const adviser = await takeWork(mesh, 'agent:legal', ({ id }) => id === sent['task_id']);
    await adviser.tools.call('complete_task', { outcome: 'done', summary: ANSWER });
    return asker;
  }
  const told = `${GOSSIP.replace('45k', '$45,000').replace(/, by[^;]*/, '')} And ${ANSWER}`;

  test('so its facts stay from who is not cleared: in tasks and notifications', async () => {
    const asker = await consult('finance', undefined);
    await asker.tools.call('notify', { role: 'manager', text: told });
    const sent = await asker.tools.call('send_task', { role: 'manager', description: told });
    const wanted = await asker.tools.call('request_approval', { reason: told });
    const approvalId = String(wanted['approval_id']);
    expect(factIn(await rowsAbout('approvals', 'id = $1', approvalId))).toBeUndefined();
    const reviews = await rowsAbout('tasks', 'approval_id = $1', approvalId);
    expect(factIn(reviews)).toBeUndefined();
    expect(reviews).toMatchObject([{ target: 'manager', privileged: true }]);
    const rows = [
      await rowsAbout('notifications', 'target = $1', 'manager'),
      await rowsAbout('tasks', 'id = $1', String(sent['task_id'])),
    ];
    expect(factIn(rows)).toBeUndefined();
    expect(rows[1]?.[0]).toMatchObject({ privileged: true });
    expect((await asker.agent.sessions.get(asker.sessionId)).privileged).toBe(true);
  });

  test.each(['by the tool', 'by its last words'])(
    'and in what it answers when it is asked back, %s',
    async (way) => {
      const asker = await startWork(mesh, { description: 'Well?' });
      const sent = await asker.tools.call('send_task', { role: 'manager', description: 'Is it well?' });
      await asker.tools.call('send_task', { role: 'legal', description: MATTER, privileged: true });
      await endTurn(asker);
      const manager = await takeWork(mesh, 'agent:manager', ({ id }) => id === sent['task_id']);
      const question = await manager.tools.call('send_task', { role: 'finance', description: 'Why?' });
      const asked = { ...asker, claim: await claimAgain(asker) };
      const id = String(question['task_id']);
      const answer = RUMOUR.replace(/, by[^;]*/, '');
      if (way === 'by the tool')
        await asked.tools.call('complete_task', { task_id: id, outcome: 'done', summary: answer });
      else
        await asked.agent.tasks.reportTurn(asked.task.id, {
          lease_id: asked.claim.lease_id,
          text: answer,
          told: [id],
        });
      const verdict = await endTurn(manager);
      expect(verdict).toMatchObject({ next: 'answers', answers: [{ id }] });
      expect(factIn(verdict)).toBeUndefined();
      expect((await manager.agent.sessions.get(manager.sessionId)).privileged).toBe(true);
    },
  );

  test('or that it was asked back', async () => {
    const asker = await startWork(mesh, { target: 'finance', description: 'Well?' });
    const sent = await asker.tools.call('send_task', { role: 'legal', description: 'Is it well?' });
    const adviser = await takeWork(mesh, 'agent:legal', ({ id }) => id === sent['task_id']);
    await endTurn(asker);
    await adviser.tools.call('send_task', { role: 'finance', description: MATTER, privileged: true });
    await asker.tools.goOn(await claimAgain(asker));
    await asker.tools.call('notify', { role: 'manager', text: `Asked: ${RUMOUR.replace(/, by[^;]*/, '')}` });
    expect(factIn(await rowsAbout('notifications', 'text like $1', 'Asked: %'))).toBeUndefined();
  });

  test('and in its own result, also if the one who asked for it had asked nothing privileged', async () => {
    const manager = await startWork(mesh, { target: 'manager', description: 'Is all well?' });
    const asker = await consult('finance', manager);
    await asker.tools.call('complete_task', { outcome: 'done', summary: told });
    const verdict = await endTurn(manager);
    expect(verdict).toMatchObject({ next: 'answers' });
    expect(factIn(verdict)).toBeUndefined();
    expect((await manager.agent.sessions.get(manager.sessionId)).privileged).toBe(true);
  });
});

test('who is neither sender nor receiver sees nothing: not the manager legal’s task, nor finance the manager’s', async () => {
  const manager = await summarise('Please acknowledge this, too.');
  for (const [actor, task] of [
    ['agent:manager', legal.task],
    ['agent:manager', finance.task],
    ['agent:finance', manager.task],
  ] as const) {
    expect(await refusalOf(mesh.as(actor).tasks.get(task.id))).toBe('not_found');
    const { items } = await mesh.as(actor).tasks.list({ limit: 500 });
    expect(items.map(({ id }) => id)).not.toContain(task.id);
  }
  expect(await finance.tools.refuse('fetch_status', { id: manager.task.id })).toContain('There is no task');
  expect(await finance.tools.call('fetch_status', { id: legal.task.id })).toMatchObject({ status: 'active' });
  const seen = [
    (await mesh.as('agent:manager').tasks.list({ limit: 500 })).items.map((task) => ({
      ...task,
      amount: 0,
      result: 0,
    })),
    (await mesh.as('agent:manager').sessions.list({ limit: 500 })).items,
    (await mesh.as('agent:manager').approvals.list({ limit: 500 })).items,
    await manager.tools.call('list_inbox', { limit: 100 }),
  ];
  expect(factIn(seen)).toBeUndefined();
});

test('the log tells of privileged work ids, types and counts, and no text', async () => {
  await legal.agent.sessions.report(legal.sessionId, [
    { kind: 'said', id: randomUUID(), text: GOSSIP },
    { kind: 'tool_called', id: randomUUID(), call_id: 'c', tool: 'notify', arguments: { text: GOSSIP } },
    { kind: 'interrupted', id: randomUUID(), reason: GOSSIP },
  ]);
  await legal.tools.refuse('send_task', { role: 'moon', description: GOSSIP });
  await legal.tools.refuse('complete_task', { outcome: GOSSIP, summary: GOSSIP });
  await mesh.as('user:alice').tasks.edit(legal.task.id, { deadline: '2099-01-01T00:00:00Z' });
  const events = await mesh.sql<{ kind: string; data: Record<string, unknown> }>(
    `select kind, data from events where trace_id = $1`,
    [legal.task.trace_id],
  );
  expect(events.filter(({ data }) => data['privileged'] !== true)).toEqual([]);
  expect(factIn(events)).toBeUndefined();
  expect(events.find(({ kind }) => kind === 'session.said')?.data).toMatchObject({
    characters: GOSSIP.length,
  });
  expect(events.find(({ kind }) => kind === 'task.routed')?.data).not.toHaveProperty('amount');
});

test('work that was filed in a round with what it is a retry of is searched once', async () => {
  const alice = mesh.as('user:alice');
  const route = async () =>
    (await alice.tasks.route({ target: 'finance', description: MATTER, data: DATA, privileged: true })).id;
  const [first, second] = [await route(), await route()];
  await alice.tasks.edit(second, { parent_id: first });
  await alice.tasks.cancel(second, 'not now');
  const again = await alice.tasks.retry(second);
  await alice.tasks.edit(first, { parent_id: again.id });
  const work = await takeWork(mesh, 'agent:finance', ({ id }) => id === first);
  const sent = await work.tools.call('send_task', { role: 'manager', description: RUMOUR });
  expect(factIn(await alice.tasks.get(String(sent['task_id'])))).toBeUndefined();
});
