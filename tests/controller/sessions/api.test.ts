import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../../src/core/session.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { claimOne, startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const post = (body: unknown) =>
  mesh.fetch('user:alice', '/sessions', { method: 'POST', body: JSON.stringify(body) });

describe('create', () => {
  test('gives a pending session of its creator', async () => {
    const session = await mesh
      .as('user:alice')
      .sessions.create({ role: 'finance', metadata: { quarter: 1 } });
    expect(session).toMatchObject({
      role: 'finance',
      status: 'pending',
      version: 0,
      owner: 'user:alice',
      agent: null,
      revision: 0,
      fsm_metadata: {},
      metadata: { quarter: 1 },
    });
    expect(await mesh.as('user:alice').sessions.get(session.id)).toEqual(session);
    expect(await mesh.as('user:alice').sessions.transitions(session.id)).toEqual([]);
  });

  test('refuses an unknown role with the nearest known one', async () => {
    expect(await problemOf(await post({ role: 'finanse' }), 'unknown_role')).toMatchObject({
      status: 400,
      hint: 'Did you mean finance?',
      roles: ['finance', 'manager', 'legal'],
    });
  });

  test('joins the trace of the caller', async () => {
    const trace = 'a'.repeat(32);
    const response = await mesh.fetch('user:alice', '/sessions', {
      method: 'POST',
      body: JSON.stringify({ role: 'finance' }),
      headers: { traceparent: `00-${trace}-${'b'.repeat(16)}-01` },
    });
    expect(await response.json()).toMatchObject({ trace_id: trace });
  });

  test('keeps no personal data in its metadata', async () => {
    const { metadata } = await mesh
      .as('user:alice')
      .sessions.create({ role: 'finance', metadata: { who: { mail: 'ada@example.org' } } });
    expect(metadata).toEqual({ who: { mail: '[EMAIL hidden]' } });
  });
});

describe('list', () => {
  test('pages from the newest to the oldest, unmoved by sessions that come meanwhile', async () => {
    const root = mesh.as('user:root');
    const create = () => mesh.as('user:alice').sessions.create({ role: 'legal' });
    const made: Session[] = [];
    for (let n = 0; n < 7; n += 1) made.push(await create());
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await root.sessions.list({ role: 'legal', limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
      await create();
    } while (cursor !== undefined);
    expect(seen).toEqual(made.map(({ id }) => id).reverse());
  });

  test('filters by state', async () => {
    const alice = mesh.as('user:alice');
    const { id } = await alice.sessions.create({ role: 'manager' });
    await alice.sessions.send(id, 'activate');
    await alice.sessions.create({ role: 'manager' });
    const { items } = await alice.sessions.list({ role: 'manager', status: 'active' });
    expect(items.map((item) => item.id)).toEqual([id]);
  });

  const forged = (text: string) => Buffer.from(text).toString('base64url');
  test.each([
    'limit=0',
    'limit=501',
    'limit=many',
    'status=asleep',
    'cursor=nonsense',
    `cursor=${forged(`2026-02-30T00:00:00Z ${randomUUID()}`)}`,
    `cursor=${forged(`0000-01-01T00:00:00Z ${randomUUID()}`)}`,
    `cursor=${forged(`2026-01-01T00:00:00Z ------------------------------------`)}`,
  ])('refuses ?%s', async (query) => {
    await problemOf(await mesh.fetch('user:alice', `/sessions?${query}`), 'invalid_request');
  });
});

describe('delete', () => {
  test.each(['pending', 'completed', 'failed'] as const)('takes a session that is %s', async (state) => {
    const alice = mesh.as('user:alice');
    const { id } = await alice.sessions.create({ role: 'finance' });
    if (state !== 'pending') await alice.sessions.send(id, 'activate');
    if (state === 'completed') await alice.sessions.send(id, 'complete');
    if (state === 'failed') await alice.sessions.send(id, 'fail');
    await alice.sessions.delete(id);
    expect(await refusalOf(alice.sessions.get(id))).toBe('not_found');
    const events = await mesh.sql('select kind from events where subject = $1 order by seq', [
      `session:${id}`,
    ]);
    expect(events.at(0)).toEqual({ kind: 'session.created' });
    expect(events.at(-1)).toEqual({ kind: 'session.deleted' });
  });

  test.each(['active', 'paused'] as const)('refuses a session that is %s', async (state) => {
    const alice = mesh.as('user:alice');
    const { id } = await alice.sessions.create({ role: 'finance' });
    await alice.sessions.send(id, 'activate');
    if (state === 'paused') await alice.sessions.send(id, 'pause');
    const response = await mesh.fetch('user:alice', `/sessions/${id}`, { method: 'DELETE' });
    expect(await problemOf(response, 'conflict')).toMatchObject({ status: 409, state });
    expect((await alice.sessions.get(id)).status).toBe(state);
  });

  test('refuses the session of a task that an agent has just claimed', async () => {
    const alice = mesh.as('user:alice');
    await alice.tasks.route({ target: 'finance', description: 'New chairs.' });
    const { session } = await claimOne(mesh.as('agent:finance'));
    expect(session.status).toBe('pending');
    expect(await refusalOf(alice.sessions.delete(session.id))).toBe('conflict');
  });

  test('is for people: an agent may not', async () => {
    const { sessionId, agent } = await startWork(mesh);
    expect(await refusalOf(agent.sessions.delete(sessionId))).toBe('forbidden');
  });
});

test.each(['GET', 'DELETE'])('%s of an id that is not a UUID is refused', async (method) => {
  const problem = await problemOf(
    await mesh.fetch('user:alice', '/sessions/seven', { method }),
    'invalid_request',
  );
  expect(problem.detail).toContain('expected a UUID');
});
