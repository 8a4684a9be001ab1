import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { LEASE_USES, listReleases } from '../support/lease.ts';
import { refusalOf } from '../support/problem.ts';
import { claimOne, startWork, type Work } from '../support/work.ts';

let mesh: TestController;
beforeEach(async () => {
  mesh = await startTestController({ lease_seconds: 0.5 });
});
afterEach(() => mesh[Symbol.asyncDispose]());

const LONG_MS = 60_000;
const USES = ['heartbeat', 'complete', 'fail', 'turn'] as const;

/** What a holder does without naming its lease. */
const UNNAMED: Readonly<Record<string, (work: Work) => Promise<unknown>>> = {
  'the tool': async ({ tools }) => {
    const refusal = await tools.refuse('complete_task', { outcome: 'done', summary: 'Bought.' });
    expect(refusal).toMatch(/is not leased to agent:finance under lease .*Drop the work/);
  },
  'the event complete': async ({ holder, sessionId }) => {
    expect(await refusalOf(holder.sessions.send(sessionId, 'complete'))).toBe('lease_lost');
  },
  'the event fail': async ({ holder, sessionId }) => {
    expect(await refusalOf(holder.sessions.send(sessionId, 'fail'))).toBe('lease_lost');
  },
};

describe('a holder that falls silent', () => {
  test('loses the task, which the next claim gets with the same conversation', async () => {
    const work = await startWork(mesh);
    const next = await work.agent.tasks.claim(randomUUID(), LONG_MS);
    expect(next).toMatchObject({
      task: { id: work.task.id, attempts: 2 },
      session: { id: work.sessionId, status: 'active' },
    });
    expect(await listReleases(mesh, work)).toEqual([{ reason: 'agent:finance fell silent', attempt: '1' }]);
  });

  test.each(USES)('can do nothing more with its old lease: %s', async (use) => {
    const work = await startWork(mesh);
    await vi.waitUntil(async () => (await listReleases(mesh, work)).length === 1, { timeout: 10_000 });
    expect(await refusalOf(LEASE_USES[use](work))).toBe('lease_lost');
    await claimOne(work.agent);
    expect(await refusalOf(LEASE_USES[use](work))).toBe('lease_lost');
    expect(await mesh.as('user:alice').tasks.get(work.task.id)).toMatchObject({
      status: 'active',
      attempts: 2,
    });
  });

  test.each(USES)('has lost it when the time is over, not when somebody looks: %s', async (use) => {
    const work = await startWork(mesh);
    await mesh.sql(`update tasks set lease_expires_at = now() - interval '1 millisecond'`);
    expect(await refusalOf(LEASE_USES[use](work))).toBe('lease_lost');
  });

  test.each(Object.keys(UNNAMED))('nor where the lease is not named: %s', async (way) => {
    const work = await startWork(mesh);
    await vi.waitUntil(async () => (await listReleases(mesh, work)).length === 1, { timeout: 10_000 });
    await UNNAMED[way]?.(work);
    expect(await mesh.as('user:alice').tasks.get(work.task.id)).toMatchObject({ status: 'pending' });
  });

  test('so often that no attempt is left fails the task, and tells why', async () => {
    const work = await startWork(mesh);
    await mesh.sql('update tasks set max_attempts = 1');
    const alice = mesh.as('user:alice');
    await vi.waitUntil(async () => (await alice.tasks.get(work.task.id)).status === 'failed', {
      timeout: 10_000,
    });
    expect(await alice.tasks.get(work.task.id)).toMatchObject({
      failure: 'gave up after 1 attempts; the last: agent:finance fell silent',
    });
    expect((await alice.sessions.get(work.sessionId)).status).toBe('failed');
  });
});
