import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startController } from '../../../src/controller/start.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { beat, listReleases } from '../support/lease.ts';
import { refusalOf } from '../support/problem.ts';
import { claimOne, startWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController();
});
afterEach(() => mesh[Symbol.asyncDispose]());

const LONG_MS = 60_000;

describe('a heartbeat', () => {
  test('keeps the task with its holder', async () => {
    const work = await startWork(mesh);
    await mesh.sql(`update tasks set lease_expires_at = now() + interval '100 milliseconds'`);
    expect(await work.agent.tasks.heartbeat(work.task.id, work.claim.lease_id)).toMatchObject({
      status: 'active',
    });
    const [lease] = await mesh.sql(
      `select lease_expires_at > now() + interval '500 milliseconds' as kept from tasks`,
    );
    expect(lease).toEqual({ kept: true });
  });

  test('of a task that has ended says so', async () => {
    const work = await startWork(mesh);
    await mesh.as('user:alice').tasks.cancel(work.task.id, 'changed my mind');
    expect(await refusalOf(beat(work))).toBe('task_closed');
  });

  test('that waits hears at once of the end of the task, in whichever controller that happens', async () => {
    const work = await startWork(mesh);
    const twin = await startController({ ...mesh.config }, pino({ level: 'silent' }));
    onTestFinished(() => twin.close());
    const other = { ...mesh, url: `http://127.0.0.1:${twin.port ?? 0}` };
    const beating = refusalOf(
      work.agent.tasks.heartbeat(work.task.id, work.claim.lease_id, { waitMs: LONG_MS }),
    );
    await other.as('user:alice').tasks.cancel(work.task.id, 'changed my mind');
    expect(await beating).toBe('task_closed');
  });

  test('that waits hears at once that the task was taken away', async () => {
    const work = await startWork(mesh);
    const beating = refusalOf(
      work.agent.tasks.heartbeat(work.task.id, work.claim.lease_id, { waitMs: LONG_MS }),
    );
    await work.agent.agents.register('finance', { instance: randomUUID(), status: 'ready' });
    expect(await beating).toBe('lease_lost');
  });

  test('that waits is answered when its time is over', async () => {
    const work = await startWork(mesh);
    const beat = work.agent.tasks.heartbeat(work.task.id, work.claim.lease_id, { waitMs: 20 });
    expect(await beat).toMatchObject({ status: 'active' });
  });

  test('of a task that there is not says so', async () => {
    expect(await refusalOf(mesh.as('agent:finance').tasks.heartbeat(randomUUID(), randomUUID()))).toBe(
      'not_found',
    );
  });
});

describe('an agent that is restarted', () => {
  const register = (work: Work, instance: string, status: 'ready' | 'stopped' = 'ready') =>
    work.agent.agents.register('finance', { instance, status });

  test('gives back at once what its earlier life held', async () => {
    const instance = randomUUID();
    const work = await startWork(mesh);
    await register(work, instance);
    const again = await claimOne(work.agent);
    expect(again).toMatchObject({ task: { id: work.task.id, attempts: 2 }, session: { id: work.sessionId } });
    expect(await listReleases(mesh, work)).toEqual([{ reason: 'agent:finance was restarted', attempt: '1' }]);
  });

  test('keeps what it holds when it only reports again', async () => {
    const instance = randomUUID();
    const first = await startWork(mesh);
    await register(first, instance);
    const work = { ...first, claim: await claimOne(first.agent) };
    await register(work, instance);
    expect(await beat(work)).toMatchObject({ status: 'active', attempts: 2 });
  });

  test('gives its work back when it stops in order', async () => {
    const instance = randomUUID();
    const first = await startWork(mesh);
    await register(first, instance);
    await claimOne(first.agent);
    await register(first, instance, 'stopped');
    expect(await listReleases(mesh, first)).toHaveLength(2);
  });

  test('keeps its work when its earlier life says goodbye late', async () => {
    const [old, current] = [randomUUID(), randomUUID()];
    const first = await startWork(mesh);
    await register(first, old);
    await register(first, current);
    const work = { ...first, claim: await claimOne(first.agent) };
    expect(await refusalOf(register(work, old, 'stopped'))).toBe('conflict');
    expect(await beat(work)).toMatchObject({ status: 'active' });
    expect(await mesh.as('user:root').agents.list()).toMatchObject([{ status: 'ready', instance: current }]);
  });

  test('takes nothing from its twin of the same role', async () => {
    const work = await startWork(mesh);
    await mesh
      .as('agent:finance-2')
      .agents.register('finance-2', { instance: randomUUID(), status: 'ready' });
    expect(await listReleases(mesh, work)).toEqual([]);
  });
});

describe('an agent that gives up', () => {
  test('for good fails the task with its reason, free of personal data', async () => {
    const { agent, task, claim, sessionId } = await startWork(mesh);
    const failed = await agent.tasks.fail(task.id, claim.lease_id, {
      reason: 'ada@example.org is away',
      retryable: false,
    });
    expect(failed).toMatchObject({ status: 'failed', failure: '[EMAIL hidden] is away' });
    expect((await agent.sessions.get(sessionId)).status).toBe('failed');
  });

  test('for now puts it back, to be tried again after a while by itself', async () => {
    const { agent, task, claim } = await startWork(mesh);
    const put = await agent.tasks.fail(task.id, claim.lease_id, { reason: 'model is away', retryable: true });
    expect(put).toMatchObject({ id: task.id, status: 'pending' });
    expect(put).not.toHaveProperty('lease_id');
    expect(await agent.tasks.claim(randomUUID(), 0)).toBeUndefined();
    expect(await agent.tasks.claim(randomUUID(), LONG_MS)).toMatchObject({
      task: { id: task.id, attempts: 2 },
    });
  });

  test('waits longer after every attempt', async () => {
    const { agent, task, claim } = await startWork(mesh);
    await mesh.sql('update tasks set attempts = 4');
    await agent.tasks.fail(task.id, claim.lease_id, { reason: 'model is away', retryable: true });
    const [wait] = await mesh.sql(`select claimable_at > now() + interval '5 seconds' as long from tasks`);
    expect(wait).toEqual({ long: true });
  });

  test('for the last time fails the task', async () => {
    const { agent, task, claim } = await startWork(mesh);
    await mesh.sql('update tasks set max_attempts = 1');
    expect(
      await agent.tasks.fail(task.id, claim.lease_id, { reason: 'model is away', retryable: true }),
    ).toMatchObject({
      status: 'failed',
      failure: 'gave up after 1 attempts; the last: model is away',
    });
  });
});
