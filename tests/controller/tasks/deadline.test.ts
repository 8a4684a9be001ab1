import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { endTurn, startWork, takeWork } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController();
});
afterEach(() => mesh[Symbol.asyncDispose]());

const LATER = '2099-01-01T00:00:00Z';
const SOON_MS = 400;

/** By the clock of the database. */
async function soon(): Promise<string> {
  const [row] = await mesh.sql<{ at: Date }>(`select now() + make_interval(secs => ${SOON_MS / 1000}) as at`);
  return (row?.at ?? new Date(0)).toISOString();
}

async function waitForFailure(id: string): Promise<void> {
  for await (const event of mesh.as('user:alice').events({ after: 0, signal: AbortSignal.timeout(20_000) })) {
    if (event.kind === 'task.failed' && event.subject === `task:${id}`) return;
  }
}

test('fails a task with what is beneath it, and its holder hears of it', async () => {
  const finance = await startWork(mesh, { deadline: LATER });
  const sent = await finance.tools.call('send_task', { role: 'legal', description: 'May we?' });
  const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === sent['task_id']);
  const beating = legal.agent.tasks.heartbeat(legal.task.id, legal.claim.lease_id, { waitMs: 20_000 });
  await mesh.sql('update tasks set deadline = now() where id = $1', [finance.task.id]);
  // The sweeper looks when this one is due.
  await mesh.as('user:alice').tasks.route({ target: 'manager', description: 'x', deadline: await soon() });
  await expect(beating).rejects.toThrow(/already (cancelled|failed)/);
  const alice = mesh.as('user:alice');
  expect(await alice.tasks.get(finance.task.id)).toMatchObject({
    status: 'failed',
    failure: expect.stringMatching(/^its deadline, .*, has passed$/) as string,
    dead_letter: false,
  });
  expect(await alice.tasks.get(legal.task.id)).toMatchObject({ status: 'cancelled' });
});

test('counts also while nobody works, and while a person has paused the work', async () => {
  const alice = mesh.as('user:alice');
  const idle = await alice.tasks.route({ target: 'legal', description: 'x', deadline: await soon() });
  await waitForFailure(idle.id);
  const work = await startWork(mesh, { deadline: await soon() });
  await alice.sessions.send(work.sessionId, 'pause');
  await waitForFailure(work.task.id);
  expect((await alice.sessions.get(work.sessionId)).status).toBe('failed');
});

test('is handed on, unless the work that is handed on has an earlier one', async () => {
  const work = await startWork(mesh, { deadline: LATER });
  const send = async (deadline?: string) => {
    const args = {
      role: 'legal',
      description: `By ${deadline ?? 'then'}`,
      ...(deadline ? { deadline } : {}),
    };
    const sent = await work.tools.call('send_task', args);
    return Date.parse((await mesh.as('user:alice').tasks.get(String(sent['task_id']))).deadline ?? '');
  };
  expect(await send()).toBe(Date.parse(LATER));
  expect(await send('2099-06-01T00:00:00Z')).toBe(Date.parse(LATER));
  expect(await send('2098-01-01T00:00:00Z')).toBe(Date.parse('2098-01-01T00:00:00Z'));
});

test.each([
  ['has passed', '2020-01-01T00:00:00Z'],
  ['is no time', 'tomorrow'],
])('that %s is refused', async (_what, deadline) => {
  const body = JSON.stringify({ target: 'legal', description: 'x', deadline });
  const response = await mesh.fetch('user:alice', '/tasks/route', { method: 'POST', body });
  await problemOf(response, 'invalid_request');
  expect(await mesh.sql('select 1 from tasks')).toEqual([]);
});

test('is no hindrance to a repeated request after it has passed', async () => {
  const alice = mesh.as('user:alice');
  const task = { target: 'legal', description: 'x', deadline: await soon() };
  const first = await alice.tasks.route(task, { idempotencyKey: 'k1' });
  await waitForFailure(first.id);
  expect((await alice.tasks.route(task, { idempotencyKey: 'k1' })).id).toBe(first.id);
});

test('wakes who waits for the answer', async () => {
  const finance = await startWork(mesh);
  const sent = await finance.tools.call('send_task', {
    role: 'legal',
    description: 'x',
    deadline: await soon(),
  });
  await endTurn(finance);
  const again = await takeWorkAgain();
  expect(again.answers).toMatchObject([{ id: sent['task_id'], status: 'failed' }]);

  async function takeWorkAgain() {
    const claim = await finance.agent.tasks.claim(crypto.randomUUID(), 20_000);
    if (claim === undefined) throw new Error('no work came');
    return claim;
  }
});
