import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { LEASE_USES } from '../support/lease.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, endTurn, startReview, startWork, type Work } from '../support/work.ts';

/** Alice pauses what an agent works on. */
let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const send = ({ sessionId }: Work, event: string) => mesh.as('user:alice').sessions.send(sessionId, event);
const taskOf = ({ task }: Work) => mesh.as('user:alice').tasks.get(task.id);
const DONE = { outcome: 'approved', summary: 'Bought.' };

async function historyOf({ sessionId }: Work) {
  const history = await mesh.as('user:alice').sessions.transitions(sessionId);
  return history.map(({ event, actor }) => `${event} by ${actor}`);
}

const PAUSED = ['activate by agent:finance', 'pause by user:alice'];

describe('while a person holds the session, an agent cannot end it', () => {
  const WAYS: Readonly<Record<string, (work: Work) => Promise<unknown>>> = {
    'by the tool': async ({ tools }) => {
      expect(await tools.refuse('complete_task', DONE)).toMatch(/paused by user:alice.*End your turn now/);
    },
    'by the route': async (work) => {
      expect(await refusalOf(LEASE_USES.complete(work))).toBe('conflict');
    },
    'by its event': async ({ holder, sessionId }) => {
      expect(await refusalOf(holder.sessions.send(sessionId, 'complete'))).toBe('invalid_transition');
    },
    'by failing for good': async ({ agent, task, claim }) => {
      await agent.tasks.fail(task.id, claim.lease_id, { reason: 'I cannot.', retryable: false });
    },
    'by failing for the last time': async (work) => {
      await mesh.sql('update tasks set max_attempts = 1 where id = $1', [work.task.id]);
      await LEASE_USES.fail(work);
    },
  };

  test.each(Object.keys(WAYS))('%s', async (way) => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    await WAYS[way]?.(work);
    expect((await taskOf(work)).finished_at).toBeNull();
    expect(await historyOf(work)).toEqual(PAUSED);
  });

  test('by its decision', async () => {
    const { review, approvalId } = await startReview(mesh);
    await send(review, 'pause');
    const decision = { approval_id: approvalId, decision: 'approve', comment: 'Fine.' };
    expect(await review.tools.refuse('decide_approval', decision)).toMatch(/paused by user:alice/);
    expect(await mesh.as('user:alice').approvals.get(approvalId)).toMatchObject({
      status: 'pending',
      decisions: [],
    });
    await mesh.as('user:bob').approvals.decide(approvalId, { decision: 'approve', comment: 'Fine.' });
  });
});

describe('a result that was held back', () => {
  test('is in the log', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    await work.tools.refuse('complete_task', DONE);
    const [event] = await mesh.sql(
      `select owner, data->>'code' as code from events where kind = 'task.completion_refused' and subject = $1`,
      [`task:${work.task.id}`],
    );
    expect(event).toEqual({ owner: 'user:alice', code: 'conflict' });
  });

  test('can be given again when the person has resumed', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    await work.tools.refuse('complete_task', DONE);
    expect(await endTurn(work)).toEqual({ next: 'wait', waiting_on: [] });
    expect(await work.agent.tasks.claim(randomUUID(), 0)).toBeUndefined();
    await send(work, 'resume');
    await claimAgain(work);
    expect(await work.tools.call('complete_task', DONE)).toMatchObject({ status: 'completed' });
    expect(await historyOf(work)).toEqual([...PAUSED, 'resume by user:alice', 'complete by agent:finance']);
  });

  test.each([false, true])(
    'is not replaced by last words (the turn ends before the pause: %s)',
    async (isOver) => {
      const work = await startWork(mesh);
      await send(work, 'pause');
      await work.tools.refuse('complete_task', DONE);
      if (isOver) await endTurn(work);
      await send(work, 'resume');
      const claim = isOver ? await claimAgain(work) : work.claim;
      expect(await endTurn({ agent: work.agent, claim })).toEqual({
        next: 'refused',
        reason: 'the pause that held your result back is over. Complete the task now.',
      });
      await work.tools.call('complete_task', DONE);
      expect(await taskOf(work)).toMatchObject({ outcome: 'approved', result: { text: 'Bought.' } });
    },
  );

  test('is asked for once: what the agent says then is the result', async () => {
    const work = await startWork(mesh);
    await send(work, 'pause');
    await work.tools.refuse('complete_task', DONE);
    await send(work, 'resume');
    await endTurn(work);
    expect(await endTurn(work)).toEqual({ next: 'done' });
  });
});

test('what an agent gave up during a pause is tried once more when the person resumes', async () => {
  const work = await startWork(mesh);
  await send(work, 'pause');
  await work.agent.tasks.fail(work.task.id, work.claim.lease_id, { reason: 'I cannot.', retryable: false });
  expect(await work.agent.tasks.claim(randomUUID(), 0)).toBeUndefined();
  await send(work, 'resume');
  const claim = await claimAgain(work);
  expect(claim.task).toMatchObject({ id: work.task.id, attempts: 2 });
  await LEASE_USES.complete({ ...work, claim });
});
