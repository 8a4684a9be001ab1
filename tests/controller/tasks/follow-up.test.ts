import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimAgain, endTurn, startWork, takeWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController();
});
afterEach(() => mesh[Symbol.asyncDispose]());

const SSN = '536-22-8724';
const taskOf = (id: unknown) => mesh.as('user:alice').tasks.get(String(id));
const sessionOf = ({ sessionId }: Work) => mesh.as('user:alice').sessions.get(sessionId);

async function send(work: Work, role: string, description: string): Promise<string> {
  return String((await work.tools.call('send_task', { role, description }))['task_id']);
}

/** One role asks another and waits; the other asks it back and waits. */
async function askBack(question = 'Which accounts?', { asking = 'finance', answering = 'legal' } = {}) {
  const asker = await startWork(mesh, { target: asking });
  const taskId = await send(asker, answering, 'Is that a SOX issue?');
  await endTurn(asker);
  const asked = await takeWork(mesh, `agent:${answering}`, ({ id }) => id === taskId);
  const questionId = await send(asked, asking, question);
  await endTurn(asked);
  return { asker, asked, taskId, questionId };
}

/** The agent takes what has come to the conversation that it holds. */
async function goOn(work: Work): Promise<Work> {
  return { ...work, claim: await claimAgain(work) };
}

const say = ({ agent, claim }: Work, text: string, told: readonly string[] = []) =>
  agent.tasks.reportTurn(claim.task.id, { lease_id: claim.lease_id, text, told: [...told] });

test('a question back goes to the conversation that waits, and to no other agent of the role', async () => {
  const { asker, asked, taskId, questionId } = await askBack();
  expect(await mesh.as('agent:finance-2').tasks.claim(randomUUID(), 0)).toBeUndefined();
  const { claim } = await goOn(asker);
  expect(claim).toMatchObject({
    task: { id: asker.task.id, attempts: 1 },
    session: { id: asker.sessionId, status: 'active' },
    answers: [{ kind: 'question', id: questionId, by: 'agent:legal', text: 'Which accounts?' }],
  });
  expect(await taskOf(questionId)).toMatchObject({
    status: 'active',
    agent: 'finance',
    parent_id: taskId,
    source_session_id: asked.sessionId,
    asked_session_id: asker.sessionId,
    session_id: null,
  });
});

test('the last words of the turn answer it, and then the session waits on for its own answer', async () => {
  const { asker, asked, taskId, questionId } = await askBack();
  const told = await goOn(asker);
  expect(await say(told, '6100, 6200, 6300.', [questionId])).toEqual({
    next: 'wait',
    waiting_on: [`task:${taskId}`],
  });
  expect(await taskOf(questionId)).toMatchObject({ status: 'completed' });
  const answered = await goOn(asked);
  expect(answered.claim.answers).toMatchObject([
    { kind: 'task', id: questionId, by: 'agent:finance', text: '6100, 6200, 6300.' },
  ]);
  expect(await say(answered, 'It is one.', [questionId])).toEqual({ next: 'done' });
  expect((await goOn(asker)).claim.answers).toMatchObject([{ id: taskId, text: 'It is one.' }]);
  const kinds = await mesh.sql<{ kind: string }>('select kind from events where subject = $1 order by seq', [
    `task:${questionId}`,
  ]);
  expect(kinds.map(({ kind }) => kind)).toEqual(['task.routed', 'task.claimed', 'task.completed']);
});

test('a tool answers it too, any number of times the same', async () => {
  const { asker, taskId, questionId } = await askBack();
  const told = await goOn(asker);
  const answer = { task_id: questionId, outcome: 'done', summary: '6100.' };
  for (const _again of [1, 2]) {
    expect(await asker.tools.call('complete_task', answer)).toMatchObject({ status: 'completed' });
  }
  expect((await taskOf(questionId)).result?.text).toBe('6100.');
  expect(await say(told, 'I have answered.', [questionId])).toMatchObject({ waiting_on: [`task:${taskId}`] });
});

test('who means to answer it does not end the own task by mistake', async () => {
  const { asker, questionId } = await askBack();
  await goOn(asker);
  const refusal = await asker.tools.refuse('complete_task', { outcome: 'done', summary: '6100.' });
  expect(refusal).toContain(`Call complete_task with task_id ${questionId}`);
  await asker.tools.call('complete_task', {
    task_id: asker.task.id,
    outcome: 'declined',
    summary: 'Forget it.',
  });
  expect(await taskOf(questionId)).toMatchObject({ status: 'cancelled' });
});

test('a turn that ends without a word answers nothing', async () => {
  const { asker, questionId } = await askBack();
  const told = await goOn(asker);
  expect(await say(told, ' ', [questionId])).toMatchObject({
    next: 'refused',
    reason: expect.stringContaining(questionId) as string,
  });
  expect((await taskOf(questionId)).status).toBe('active');
});

test('who asks something for the answer answers in a later turn', async () => {
  const { asker, taskId, questionId } = await askBack();
  let told = await goOn(asker);
  const helpId = await send(told, 'manager', 'Which accounts?');
  expect(await taskOf(helpId)).toMatchObject({ parent_id: questionId, asked_session_id: null });
  expect((await say(told, 'I have asked the manager.', [questionId])).next).toBe('wait');
  expect((await taskOf(questionId)).status).toBe('active');
  const manager = await takeWork(mesh, 'agent:manager', ({ id }) => id === helpId);
  await manager.tools.call('complete_task', { outcome: 'done', summary: '6100.' });
  // What it asked at first is still open, and waits for just this answer.
  told = await goOn(asker);
  expect(told.claim.answers).toMatchObject([{ kind: 'task', id: helpId, text: '6100.' }]);
  expect(await say(told, 'It is 6100.', [helpId])).toMatchObject({ waiting_on: [`task:${taskId}`] });
  expect(await taskOf(questionId)).toMatchObject({ status: 'completed', result: { text: 'It is 6100.' } });
});

test('who is asked back asks back in the same way, and loops are stopped', async () => {
  const { asker, asked, questionId } = await askBack();
  let [here, there] = [await goOn(asker), asked];
  let lastId = questionId;
  for (let hop = 3; hop <= 8; hop += 1) {
    const id = await send(here, here.task.target === 'finance' ? 'legal' : 'finance', `Hop ${hop}`);
    expect(await taskOf(id)).toMatchObject({ parent_id: lastId, asked_session_id: there.sessionId });
    await say(here, 'I have asked.', [lastId]);
    lastId = id;
    [here, there] = [await goOn(there), here];
  }
  const role = here.task.target === 'finance' ? 'legal' : 'finance';
  expect(await here.tools.refuse('send_task', { role, description: 'And you?' })).toContain(
    'handed on 8 times already: finance → legal → finance → legal',
  );
});

test('no role sees in questions or answers what it may not see', async () => {
  const toManager = await askBack(`Is it ${SSN}?`, { asking: 'manager' });
  expect((await taskOf(toManager.questionId)).description).toBe('Is it [US_SSN hidden]?');
  const fromManager = await askBack('What is it?', { answering: 'manager' });
  await say(await goOn(fromManager.asker), `It is ${SSN}.`, [fromManager.questionId]);
  expect((await taskOf(fromManager.questionId)).result?.text).toBe('It is [US_SSN hidden].');
});

test('an agent that is restarted before it answers is told again, as of something it may know', async () => {
  const { asker, questionId } = await askBack();
  await goOn(asker);
  await asker.agent.agents.register('finance', { instance: randomUUID(), status: 'ready' });
  const again = await goOn(asker);
  expect(again.claim.answers).toMatchObject([{ kind: 'question', id: questionId, status: 'active' }]);
  await say(again, '6100.', [questionId]);
  const claims = await mesh.sql(`select 1 from events where kind = 'task.claimed' and subject = $1`, [
    `task:${questionId}`,
  ]);
  expect(claims).toHaveLength(1);
  const history = await mesh.as('user:alice').sessions.transitions(asker.sessionId);
  expect(history.map(({ event }) => event)).toEqual(['activate', 'pause', 'resume', 'pause']);
});

test('a session that a person has paused is asked when the person resumes it', async () => {
  const alice = mesh.as('user:alice');
  const { asker, questionId } = await askBack();
  const told = await goOn(asker);
  await alice.sessions.send(asker.sessionId, 'pause');
  expect(await say(told, 'Never mind.', [questionId])).toEqual({ next: 'wait', waiting_on: [] });
  expect((await taskOf(questionId)).status).toBe('active');
  await alice.sessions.send(asker.sessionId, 'resume');
  expect((await goOn(asker)).claim.answers).toMatchObject([{ id: questionId }]);
});

test('a question that comes while the turn still runs is told at its end', async () => {
  const asker = await startWork(mesh);
  const taskId = await send(asker, 'legal', 'Is that a SOX issue?');
  const asked = await takeWork(mesh, 'agent:legal', ({ id }) => id === taskId);
  const questionId = await send(asked, 'finance', 'Which accounts?');
  expect(await endTurn(asker)).toMatchObject({
    next: 'answers',
    answers: [{ kind: 'question', id: questionId }],
  });
  expect((await taskOf(questionId)).status).toBe('active');
});

test('a question that is called off wakes who asked, and leaves who was asked waiting', async () => {
  const { asker, asked, questionId } = await askBack();
  await mesh.as('user:alice').tasks.cancel(questionId, 'not needed');
  expect((await goOn(asked)).claim.answers).toMatchObject([{ id: questionId, status: 'cancelled' }]);
  expect(await asker.agent.tasks.claim(randomUUID(), 0)).toBeUndefined();
  expect((await sessionOf(asker)).status).toBe('paused');
});

test('who ends its task ends with it what it was asked', async () => {
  const { asker, taskId, questionId } = await askBack();
  await mesh.as('user:alice').tasks.cancel(asker.task.id, 'not needed');
  expect((await taskOf(taskId)).status).toBe('cancelled');
  expect((await taskOf(questionId)).status).toBe('cancelled');
});

test('a role that does not wait for the sender gets a task of its own', async () => {
  const finance = await startWork(mesh);
  const legalId = await send(finance, 'legal', 'May we?');
  const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === legalId);
  const managerId = await send(legal, 'manager', 'May they?');
  const manager = await takeWork(mesh, 'agent:manager', ({ id }) => id === managerId);
  expect(await taskOf(await send(manager, 'finance', 'Why?'))).toMatchObject({ asked_session_id: null });
});

test('nobody answers what was asked of others', async () => {
  const { questionId } = await askBack();
  const other = await startWork(mesh);
  const answer = { task_id: questionId, outcome: 'done', summary: '6100.' };
  expect(await other.tools.refuse('complete_task', answer)).toMatch(/neither your own nor a question/);
});

test('what policy wants approved is no question, but work that can ask for the approval', async () => {
  const asker = await startWork(mesh);
  await send(asker, 'legal', 'May we?');
  await endTurn(asker);
  const asked = await takeWork(mesh, 'agent:legal');
  const { task_id: id } = await asked.tools.call('send_task', {
    role: 'finance',
    description: 'Pay them.',
    amount: 25_000,
  });
  await endTurn(asked);
  const work = await takeWork(mesh, 'agent:finance', (task) => task.id === id);
  expect(work.task).toMatchObject({ asked_session_id: null, parent_id: asked.task.id });
  expect(await work.tools.call('request_approval', { reason: 'Please.' })).toMatchObject({
    status: 'requested',
  });
});
