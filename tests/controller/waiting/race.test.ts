import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMeshError } from '../../../src/core/errors.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimAgain, endTurn, startWork, takeWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const delay = fc.integer({ min: 0, max: 12 });

test('an answer never gets lost between the end of a turn, a restart and a person', async () => {
  const races = fc.record({
    turn: delay,
    answer: delay,
    person: fc.option(delay),
    restart: fc.option(delay),
  });
  await fc.assert(
    fc.asyncProperty(races, async ({ turn, answer, person, restart }) => {
      const work = await startWork(mesh);
      const sent = await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
      const legal = await takeWork(mesh, 'agent:legal');
      const loop = waitForWork(work);
      const [verdict] = await Promise.all([
        after(turn, () => endTurn(work)).catch(ignoreLostLease),
        after(answer, () =>
          legal.agent.tasks.complete(legal.task.id, legal.claim.lease_id, { text: 'Yes.' }),
        ),
        person === null ? undefined : after(person, () => pauseAndResume(work)),
        restart === null ? undefined : after(restart, () => restartAgent(work)),
      ]);
      const isHandedOver = verdict?.next === 'answers' && restart === null;
      const claim = isHandedOver ? undefined : await loop.claim;
      const answers = isHandedOver ? verdict.answers : claim?.answers;
      expect(answers).toMatchObject([{ id: sent['task_id'], text: 'Yes.' }]);
      if (claim !== undefined) await work.tools.goOn(claim);
      loop.stop();
      await finish(work);
    }),
    { numRuns: 50 },
  );
});

async function after<T>(ms: number, act: () => Promise<T>): Promise<T> {
  await sleep(ms);
  return act();
}

async function pauseAndResume({ sessionId }: Work): Promise<void> {
  const alice = mesh.as('user:alice');
  await alice.sessions.send(sessionId, 'pause');
  await alice.sessions.send(sessionId, 'resume');
}

function restartAgent({ agent }: Work) {
  return agent.agents.register('finance', { instance: randomUUID(), status: 'ready' });
}

/** The restart has taken the task from the turn that was to end. */
function ignoreLostLease(error: unknown): undefined {
  if (!isMeshError(error) || error.code !== 'lease_lost') throw error;
}

/** The agent waits for work all the while. Whatever comes back to it must come with the answer. */
function waitForWork({ agent }: Work) {
  const stop = new AbortController();
  const claim = agent.tasks.claim(randomUUID(), 30_000, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    return undefined;
  });
  return {
    claim,
    stop: () => {
      stop.abort();
    },
  };
}

async function finish(work: Work): Promise<void> {
  const { task, tools, sessionId } = work;
  const held = await mesh.sql('select 1 from tasks where id = $1 and lease_id is not null', [task.id]);
  // A restart that came last has taken the task back once more.
  if (held.length === 0) await claimAgain(work);
  await tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
  const history = await mesh.as('user:alice').sessions.transitions(sessionId);
  expect(history.at(-1)?.to_state).toBe('completed');
}
