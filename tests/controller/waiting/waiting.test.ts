import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TaskWait } from '../../../src/core/task.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, claimOne, endTurn, startWork, takeWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController();
});
afterEach(() => mesh[Symbol.asyncDispose]());

const sessionOf = ({ sessionId }: Work) => mesh.as('user:alice').sessions.get(sessionId);
const taskOf = ({ task }: Work) => mesh.as('user:alice').tasks.get(task.id);
const send = ({ sessionId }: Work, event: string) => mesh.as('user:alice').sessions.send(sessionId, event);
const claimNow = ({ agent }: Work) => agent.tasks.claim(randomUUID(), 0);

async function historyOf({ sessionId }: Work) {
  const history = await mesh.as('user:alice').sessions.transitions(sessionId);
  return history.map(({ event }) => event);
}

/** Finance has asked legal something, and legal has begun to think about it. */
async function ask(question = 'May we?') {
  const work = await startWork(mesh);
  return { work, ...(await askLegal(work, question)) };
}

async function askLegal(work: Work, question: string, wait: TaskWait = 'all') {
  const sent = await work.tools.call('send_task', { role: 'legal', description: question, wait });
  const legal = await takeWork(mesh, 'agent:legal');
  const questionId = String(sent['task_id']);
  return {
    questionId,
    answer: () => legal.agent.tasks.complete(questionId, legal.claim.lease_id, { text: 'You may.' }),
  };
}

describe('a turn that ends while a question is open', () => {
  test('pauses the session and lets go of the task', async () => {
    const { work, questionId } = await ask();
    expect(await endTurn(work)).toEqual({ next: 'wait', waiting_on: [`task:${questionId}`] });
    expect(await sessionOf(work)).toMatchObject({
      status: 'paused',
      fsm_metadata: { waiting_on: [`task:${questionId}`] },
    });
    expect(await taskOf(work)).toMatchObject({ status: 'active' });
    expect(await claimNow(work)).toBeUndefined();
  });

  test('is taken up with the answer when it comes, in the same conversation and attempt', async () => {
    const { work, questionId, answer } = await ask();
    await endTurn(work);
    await answer();
    const resumed = await claimAgain(work);
    expect(resumed).toMatchObject({
      task: { id: work.task.id, attempts: 1 },
      session: { id: work.sessionId, status: 'active', fsm_metadata: { answered: [questionId] } },
      answers: [{ kind: 'task', id: questionId, status: 'completed', by: 'agent:legal', text: 'You may.' }],
    });
    expect(resumed.session).toEqual(await sessionOf(work));
  });

  test('learns also that its question failed, and why', async () => {
    const work = await startWork(mesh);
    await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
    const legal = await takeWork(mesh, 'agent:legal');
    await endTurn(work);
    await legal.agent.tasks.fail(legal.task.id, legal.claim.lease_id, {
      reason: 'No idea.',
      retryable: false,
    });
    expect((await claimAgain(work)).answers).toMatchObject([{ status: 'failed', text: 'No idea.' }]);
  });

  test('learns who ended its question, whoever worked on it', async () => {
    const { work, questionId } = await ask();
    await endTurn(work);
    await mesh.as('user:alice').tasks.cancel(questionId, 'not needed');
    expect((await claimAgain(work)).answers).toMatchObject([
      { status: 'cancelled', by: 'user:alice', text: 'not needed' },
    ]);
  });

  test('waits again for what is still open after the answer that it wanted first', async () => {
    const work = await startWork(mesh);
    const first = await askLegal(work, 'May we?', 'first');
    const second = await askLegal(work, 'Must we?');
    await endTurn(work);
    await first.answer();
    const resumed = { agent: work.agent, claim: await claimAgain(work) };
    expect(await endTurn(resumed, [first.questionId])).toMatchObject({
      next: 'wait',
      waiting_on: [`task:${second.questionId}`],
    });
    await second.answer();
    expect((await claimAgain(work)).answers).toMatchObject([{ id: second.questionId }]);
  });
});

describe('an answer that comes before the turn ends', () => {
  test('is handed over at the end of the turn, by one pause and one resume', async () => {
    const { work, questionId, answer } = await ask();
    await answer();
    expect(await endTurn(work)).toMatchObject({ next: 'answers', answers: [{ id: questionId }] });
    expect(await historyOf(work)).toEqual(['activate', 'pause', 'resume']);
    expect((await endTurn(work, [questionId])).next).toBe('done');
    expect(await historyOf(work)).toEqual(['activate', 'pause', 'resume', 'complete']);
  });
});

describe('an answer', () => {
  test('is told again until the agent reports that it was told', async () => {
    const { work, questionId, answer } = await ask();
    await endTurn(work);
    await answer();
    expect((await claimAgain(work)).answers).toHaveLength(1);
    await work.agent.agents.register('finance', { instance: randomUUID(), status: 'ready' });
    const again = { agent: work.agent, claim: await claimAgain(work) };
    expect(again.claim.answers).toMatchObject([{ id: questionId }]);
    expect((await endTurn(again)).next).toBe('answers');
    expect((await endTurn(again, [questionId])).next).toBe('done');
    expect(await historyOf(work)).toEqual(['activate', 'pause', 'resume', 'complete']);
  });

  test('stays told when the last words of the turn are refused', async () => {
    const work = await startWork(mesh, { amount: 125_000 });
    const { questionId, answer } = await askLegal(work, 'May we?');
    await endTurn(work);
    await answer();
    const resumed = { agent: work.agent, claim: await claimAgain(work) };
    expect((await endTurn(resumed, [questionId])).next).toBe('refused');
    expect((await endTurn(resumed)).next).toBe('refused');
  });

  test('is only told to the session that asked', async () => {
    const { questionId, answer } = await ask();
    const other = await startWork(mesh);
    await answer();
    expect((await endTurn(other, [questionId])).next).toBe('done');
    const [told] = await mesh.sql('select told_at from tasks where id = $1', [questionId]);
    expect(told).toEqual({ told_at: null });
  });
});

describe("a person's pause", () => {
  test('of a session that waits is stronger than the answer', async () => {
    const { work, questionId, answer } = await ask();
    await endTurn(work);
    await send(work, 'pause');
    await answer();
    expect(await sessionOf(work)).toMatchObject({
      status: 'paused',
      fsm_metadata: { paused_by: 'user:alice' },
    });
    expect(await claimNow(work)).toBeUndefined();
    await send(work, 'resume');
    expect((await claimAgain(work)).answers).toMatchObject([{ id: questionId }]);
    expect(await historyOf(work)).toEqual(['activate', 'pause', 'resume']);
  });

  test('lets the turn end, and no other begin', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    expect(await endTurn(work)).toEqual({ next: 'wait', waiting_on: [] });
    expect(await claimNow(work)).toBeUndefined();
    await send(work, 'resume');
    expect((await claimAgain(work)).session.id).toBe(work.sessionId);
  });

  test('that ends before the turn leaves the task with its agent', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    await send(work, 'resume');
    expect(await claimNow(work)).toBeUndefined();
    expect((await endTurn(work)).next).toBe('done');
  });

  test('of a session whose answer is there, but not yet fetched, keeps it from being fetched', async () => {
    const { work, answer } = await ask();
    await endTurn(work);
    await answer();
    await send(work, 'pause');
    expect(await claimNow(work)).toBeUndefined();
    await send(work, 'resume');
    expect((await claimAgain(work)).answers).toHaveLength(1);
  });

  test('cannot be ended by the agent', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    expect(await refusalOf(work.holder.sessions.send(work.sessionId, 'resume'))).toBe('forbidden');
    expect((await sessionOf(work)).status).toBe('paused');
  });

  test('outlives the agent', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    await work.agent.agents.register('finance', { instance: randomUUID(), status: 'ready' });
    expect(await claimNow(work)).toBeUndefined();
    await send(work, 'resume');
    expect((await claimAgain(work)).session.id).toBe(work.sessionId);
  });
});

test('a session that a person resumes while its question is open goes back to waiting', async () => {
  const { work, questionId, answer } = await ask();
  await endTurn(work);
  await send(work, 'resume');
  expect(await claimNow(work)).toBeUndefined();
  expect(await sessionOf(work)).toMatchObject({
    status: 'paused',
    fsm_metadata: { waiting_on: [`task:${questionId}`] },
  });
  await answer();
  expect((await claimAgain(work)).answers).toHaveLength(1);
});

test('an agent that reports a turn without having begun it is taken at its word', async () => {
  await mesh.as('user:alice').tasks.route({ target: 'finance', description: 'New chairs.' });
  const agent = mesh.as('agent:finance');
  const claim = await claimOne(agent);
  expect((await endTurn({ agent, claim })).next).toBe('done');
  expect((await mesh.as('user:alice').sessions.get(claim.session.id)).status).toBe('completed');
});

test('a turn of a task that has ended meanwhile is over', async () => {
  const work = await startWork(mesh);
  await work.tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
  expect(await endTurn(work)).toEqual({ next: 'done' });
});
