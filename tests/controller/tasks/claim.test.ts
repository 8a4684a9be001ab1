import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Claim } from '../../../src/core/task.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { claimOne, endTurn, startWork, takeWork } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController();
});
afterEach(() => mesh[Symbol.asyncDispose]());

const TASK = { target: 'finance', description: 'New chairs.' };
/** Longer than a test may take: who is not woken fails. */
const LONG_MS = 60_000;

const send = () => mesh.as('user:alice').tasks.route(TASK);

test('a claim finds nothing where there is nothing', async () => {
  expect(await mesh.as('agent:finance').tasks.claim(randomUUID(), 0)).toBeUndefined();
});

test('the most urgent task is taken first, of equal ones that which has waited longest', async () => {
  for (const [description, priority] of [
    ['first', 5],
    ['urgent', 9],
    ['second', 5],
    ['some day', 0],
  ] as const)
    await mesh.as('user:alice').tasks.route({ ...TASK, description, priority });
  const taken: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    taken.push((await claimOne(mesh.as('agent:finance'))).task.description);
  }
  expect(taken).toEqual(['urgent', 'first', 'second', 'some day']);
});

test('work that is handed on is as urgent as the work that it is for, and tried as often', async () => {
  await mesh.as('user:alice').tasks.route({ ...TASK, priority: 8, max_attempts: 9, amount: 125_000 });
  const { tools } = await takeWork(mesh, 'agent:finance');
  await tools.call('request_approval', { reason: 'We need it.' });
  await tools.call('send_task', { role: 'legal', description: 'May we?' });
  for (const actor of ['agent:manager', 'agent:legal'])
    expect((await claimOne(mesh.as(actor))).task).toMatchObject({ priority: 8, max_attempts: 9 });
});

test('a task that arrives wakes the agent which waits for it', async () => {
  const waiting = mesh.as('agent:finance').tasks.claim(randomUUID(), LONG_MS);
  const task = await send();
  const claim = await waiting;
  expect(claim).toMatchObject({
    task: { id: task.id, status: 'active', attempts: 1, agent: 'finance' },
    session: {
      task_id: task.id,
      status: 'pending',
      agent: 'finance',
      owner: 'user:alice',
      trace_id: task.trace_id,
    },
    answers: [],
  });
});

test('it does not wake the agents of other roles', async () => {
  const waiting = mesh.as('agent:legal').tasks.claim(randomUUID(), 200);
  await send();
  expect(await waiting).toBeUndefined();
});

test('the task that has waited longest comes first', async () => {
  const sent = [await send(), await send(), await send()];
  const finance = mesh.as('agent:finance');
  const claimed = [await claimOne(finance), await claimOne(finance), await claimOne(finance)];
  expect(claimed.map(({ task }) => task.id)).toEqual(sent.map(({ id }) => id));
});

test('two agents never get one task', async () => {
  const claimAll = async (actor: string, mine: Claim[]) => {
    for (;;) {
      const claim = await mesh.as(actor).tasks.claim(randomUUID(), 500);
      if (claim === undefined) return;
      mine.push(claim);
    }
  };
  const claims: Claim[] = [];
  const workers = ['agent:finance', 'agent:finance-2'].flatMap((actor) =>
    Array.from({ length: 4 }, () => claimAll(actor, claims)),
  );
  const sent = await Promise.all(Array.from({ length: 60 }, send));
  await Promise.all(workers);
  expect(claims.map(({ task }) => task.id).sort()).toEqual(sent.map(({ id }) => id).sort());
  expect(new Set(claims.map(({ session }) => session.id)).size).toBe(60);
});

describe('a claim that is repeated', () => {
  test('gives the same task, session and lease', async () => {
    await send();
    await send();
    const claimId = randomUUID();
    const finance = mesh.as('agent:finance');
    const first = await finance.tasks.claim(claimId, 1000);
    expect(await finance.tasks.claim(claimId, 1000)).toEqual(first);
  });

  test('renews the lease, since the agent has only just learnt of it', async () => {
    await send();
    const claimId = randomUUID();
    await mesh.as('agent:finance').tasks.claim(claimId, 1000);
    await mesh.sql(`update tasks set lease_expires_at = now() + interval '2 seconds'`);
    await mesh.as('agent:finance').tasks.claim(claimId, 1000);
    const [lease] = await mesh.sql(
      `select lease_expires_at > now() + interval '10 seconds' as long from tasks`,
    );
    expect(lease).toEqual({ long: true });
  });

  test('gives nothing of another agent', async () => {
    await send();
    const claimId = randomUUID();
    await mesh.as('agent:finance').tasks.claim(claimId, 1000);
    expect(await mesh.as('agent:finance-2').tasks.claim(claimId, 0)).toBeUndefined();
  });
});

test('an agent that hangs up while it waits takes no task with it', async () => {
  const stop = new AbortController();
  const waiting = mesh.as('agent:finance').tasks.claim(randomUUID(), LONG_MS, stop.signal);
  // Time enough for its first look, which comes to nothing.
  for (let turn = 0; turn < 3; turn += 1) await mesh.as('agent:finance-2').tasks.claim(randomUUID(), 0);
  stop.abort();
  await expect(waiting).rejects.toThrow();
  const task = await send();
  expect((await claimOne(mesh.as('agent:finance-2'))).task.id).toBe(task.id);
});

test('a task that somebody else has locked for a moment is not missed', async () => {
  const { id } = await send();
  const other = new pg.Client({ connectionString: mesh.databaseUrl });
  await other.connect();
  await other.query('begin');
  await other.query('select 1 from tasks where id = $1 for update', [id]);
  const waiting = mesh.as('agent:finance').tasks.claim(randomUUID(), LONG_MS);
  await vi.waitUntil(
    async () =>
      (
        await mesh.sql(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
        )
      ).length > 0,
  );
  await other.query('rollback');
  await other.end();
  expect((await waiting)?.task.id).toBe(id);
});

test('a conversation goes on only with the agent that holds it', async () => {
  const work = await startWork(mesh);
  const sent = await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
  expect((await endTurn(work)).next).toBe('wait');
  const legal = await claimOne(mesh.as('agent:legal'));
  expect(legal.task.id).toBe(sent['task_id']);
  await mesh.as('agent:legal').tasks.complete(legal.task.id, legal.lease_id, { text: 'You may.' });
  expect(await mesh.as('agent:finance-2').tasks.claim(randomUUID(), 0)).toBeUndefined();
  expect((await claimOne(work.agent)).session.id).toBe(work.sessionId);
});

test('what was begun goes before what is new', async () => {
  const work = await startWork(mesh);
  await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
  await endTurn(work);
  await send();
  const legal = await claimOne(mesh.as('agent:legal'));
  await mesh.as('agent:legal').tasks.complete(legal.task.id, legal.lease_id, { text: 'You may.' });
  expect((await claimOne(work.agent)).task.id).toBe(work.task.id);
});

test.each([
  {},
  { claim_id: 'seven' },
  { claim_id: randomUUID(), wait_ms: 60_001 },
  { claim_id: randomUUID(), wait_ms: -1 },
])('the claim %j is refused', async (body) => {
  const response = await mesh.fetch('agent:finance', '/tasks/claim', {
    method: 'POST',
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(400);
});
