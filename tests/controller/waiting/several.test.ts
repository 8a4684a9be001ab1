import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, TASK_WAITS, type TaskWait } from '../../../src/core/task.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimAgain, endTurn, startWork, takeWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

interface Question {
  readonly wait: TaskWait;
  /** Whether it is answered before the turn ends in which it was asked. */
  readonly isQuick: boolean;
  readonly end: 'answered' | 'failed' | 'cancelled';
}

const question = fc.record<Question>({
  wait: fc.constantFrom(...TASK_WAITS),
  isQuick: fc.boolean(),
  end: fc.constantFrom('answered', 'failed', 'cancelled'),
});

test('a session goes on with the first answer of those that it wants first, and with all when all are there', async () => {
  const sets = fc.array(question, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sets, fc.boolean(), async (questions, asksApproval) => {
      const work = await startWork(mesh, asksApproval ? { amount: 125_000 } : {});
      const asked: Asked[] = [];
      for (const [n, wanted] of questions.entries()) asked.push(await ask(work, wanted, n));
      const approval = asksApproval ? [await requestApproval(work)] : [];
      const inOrder = [
        ...asked.filter(({ isQuick }) => isQuick),
        ...asked.filter(({ isQuick }) => !isQuick),
        ...approval,
      ];
      const quick = inOrder.filter(({ isQuick }) => isQuick);
      for (const { answer } of quick) await answer();
      const expected = predict(inOrder, quick.length);
      expect(await listen(work, inOrder.slice(quick.length), expected)).toEqual(expected);
      const history = await mesh.as('user:alice').sessions.transitions(work.sessionId);
      const waits = expected.flatMap(() => ['pause', 'resume']);
      expect(history.map(({ event }) => event)).toEqual(['activate', ...waits]);
    }),
    { numRuns: 25 },
  );
});

type Asked = Question & { readonly id: string; readonly answer: () => Promise<unknown> };

/** What each message to the conversation brings: the rule, told once more. */
function predict(inOrder: readonly Asked[], quick: number): string[][] {
  const messages: string[][] = [];
  let untold: Asked[] = [];
  for (const [index, asked] of inOrder.entries()) {
    untold.push(asked);
    if (index + 1 < quick) continue;
    if (index + 1 < inOrder.length && !untold.some(({ wait }) => wait === 'first')) continue;
    messages.push(untold.map(({ id }) => id).sort());
    untold = [];
  }
  return messages;
}

/** The turn ends; then the other answers come, one by one, and the agent takes every message to its conversation. */
async function listen(
  work: Work,
  later: readonly Asked[],
  expected: readonly string[][],
): Promise<string[][]> {
  const heard: string[][] = [];
  const verdict = await endTurn(work);
  if (verdict.next === 'answers') await hear(work, verdict.answers);
  for (const { answer } of later) {
    await answer();
    const [task] = await mesh.sql<{ is_offered: boolean }>(
      'select claimable_at is not null as is_offered from tasks where id = $1',
      [work.task.id],
    );
    if (task?.is_offered !== true) continue;
    const claim = await claimAgain(work);
    await hear({ ...work, claim }, claim.answers);
  }
  return heard;

  /** The last message is not answered, so that the history ends with it. */
  async function hear(now: Pick<Work, 'agent' | 'claim'>, answers: readonly Answer[]): Promise<void> {
    const ids = answers.map(({ id }) => id);
    heard.push([...ids].sort());
    if (heard.length < expected.length) await endTurn(now, ids);
  }
}

async function ask(work: Work, wanted: Question, n: number): Promise<Asked> {
  const { wait } = wanted;
  const sent = await work.tools.call('send_task', { role: 'legal', description: `Question ${n}`, wait });
  const id = String(sent['task_id']);
  const legal = await takeWork(mesh, 'agent:legal', (task) => task.id === id);
  const lease = legal.claim.lease_id;
  const ends = {
    answered: () => legal.agent.tasks.complete(id, lease, { text: 'Yes.' }),
    failed: () => legal.agent.tasks.fail(id, lease, { reason: 'No idea.', retryable: false }),
    cancelled: () => mesh.as('user:alice').tasks.cancel(id, 'not needed'),
  };
  return { ...wanted, id, answer: ends[wanted.end] };
}

async function requestApproval(work: Work): Promise<Asked> {
  const asked = await work.tools.call('request_approval', { reason: 'We need it.' });
  const id = String(asked['approval_id']);
  const answer = () => mesh.as('user:bob').approvals.decide(id, { decision: 'approve', comment: 'Fine.' });
  return { id, wait: 'all', isQuick: false, end: 'answered', answer };
}
