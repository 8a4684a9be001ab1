import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const TASK = { target: 'finance', description: 'New chairs.' };

function route(body: unknown, headers: Record<string, string> = {}, actor = 'user:alice'): Promise<Response> {
  return mesh.fetch(actor, '/tasks/route', { method: 'POST', body: JSON.stringify(body), headers });
}

describe('a task', () => {
  test('has the sender of the token, whatever the body says', async () => {
    const task = await mesh.as('user:alice').tasks.route(TASK);
    expect(task).toMatchObject({ source: 'user:alice', owner: 'user:alice', status: 'pending', attempts: 0 });
    await problemOf(await route({ ...TASK, source: 'user:bob' }), 'invalid_request');
  });

  test('joins the trace of its sender', async () => {
    const traceId = 'a'.repeat(32);
    expect((await mesh.as('user:alice').tasks.route(TASK, { traceId })).trace_id).toBe(traceId);
    const { items } = await mesh.as('user:alice').tasks.list({ trace_id: traceId });
    expect(items).toHaveLength(1);
  });

  test('for a role that there is not is refused with the nearest known one, and leaves an event', async () => {
    const problem = await problemOf(await route({ ...TASK, target: 'finanse' }), 'unknown_role');
    expect(problem).toMatchObject({ hint: 'Did you mean finance?', roles: ['finance', 'manager', 'legal'] });
    const [event] = await mesh.sql(`select * from events where subject = 'role:finanse'`);
    expect(event).toMatchObject({ kind: 'task.refused', actor: 'user:alice', owner: 'user:alice' });
  });
});

describe('an idempotency key', () => {
  test('gives the same task for the same request', async () => {
    const send = { idempotencyKey: 'same' };
    const first = await mesh.as('user:alice').tasks.route({ ...TASK, data: { a: 1, b: 2 } }, send);
    const second = await mesh.as('user:alice').tasks.route({ ...TASK, data: { b: 2, a: 1 } }, send);
    expect(second).toEqual(first);
  });

  test('is refused for another request, which changes nothing', async () => {
    const send = { idempotencyKey: 'other' };
    const { id } = await mesh.as('user:alice').tasks.route(TASK, send);
    const response = await route({ ...TASK, description: 'Old chairs.' }, { 'idempotency-key': 'other' });
    expect(await problemOf(response, 'idempotency_conflict')).toMatchObject({ status: 409, task_id: id });
    expect(await mesh.as('user:alice').tasks.get(id)).toMatchObject({ description: 'New chairs.' });
  });

  test('makes one task of 20 requests at once', async () => {
    const send = { idempotencyKey: 'twenty' };
    const tasks = await Promise.all(
      Array.from({ length: 20 }, () => mesh.as('user:alice').tasks.route(TASK, send)),
    );
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1);
    const events = await mesh.sql(`select 1 from events where kind = 'task.routed' and subject = $1`, [
      `task:${tasks[0]?.id ?? ''}`,
    ]);
    expect(events).toHaveLength(1);
  });

  test('belongs to its sender', async () => {
    const send = { idempotencyKey: 'mine' };
    const [alices, bobs] = await Promise.all([
      mesh.as('user:alice').tasks.route(TASK, send),
      mesh.as('user:bob').tasks.route(TASK, send),
    ]);
    expect(alices.id).not.toBe(bobs.id);
  });

  test.each(['', 'x'.repeat(201), 'two words'])('%j is refused', async (key) => {
    const response = await route(TASK, { 'idempotency-key': key });
    await problemOf(response, 'invalid_request');
  });
});

describe('an amount', () => {
  test.each([0, 0.01, 4.35, 19.99, 999_999_999_999.99])('of %d is kept exactly', async (amount) => {
    expect(await mesh.as('user:alice').tasks.route({ ...TASK, amount })).toMatchObject({
      amount,
      currency: 'USD',
    });
  });

  test.each([
    ['text', '"125000"'],
    ['negative', '-1'],
    ['half a cent', '0.005'],
    ['beyond what can be stored', '1000000000000'],
    ['not a number', 'NaN'],
    ['infinite', '1e999'],
    ['null', 'null'],
  ])('that is %s is refused', async (_what, amount) => {
    const response = await mesh.fetch('user:alice', '/tasks/route', {
      method: 'POST',
      body: `{"target": "finance", "description": "New chairs.", "amount": ${amount}}`,
    });
    await problemOf(response, 'invalid_request');
  });

  test('in another currency than that of the policy is refused', async () => {
    const problem = await problemOf(await route({ ...TASK, amount: 1, currency: 'EUR' }), 'invalid_request');
    expect(problem.detail).toBe('Expected an amount in USD, found EUR.');
  });
});

test.each([
  ['no description', { target: 'finance' }],
  ['an empty description', { ...TASK, description: '' }],
  ['an overlong description', { ...TASK, description: 'x'.repeat(100_001) }],
  ['a type in words', { ...TASK, type: 'Budget request' }],
  ['a type that is an SSN', { ...TASK, type: '536-22-8724' }],
  ['data that is a list', { ...TASK, data: [1] }],
  ['an unknown member', { ...TASK, urgency: 1 }],
])('a task with %s is refused', async (_what, body) => {
  await problemOf(await route(body), 'invalid_request');
});

test('characters that cannot be stored are replaced', async () => {
  const task = await mesh.as('user:alice').tasks.route({ ...TASK, description: 'a\0b\ud800c' });
  expect(task.description).toBe('a\ufffdb\ufffdc');
  const inData = await mesh.as('user:alice').tasks.route({ ...TASK, data: { 'k\0': ['v\ud800'] } });
  expect(inData.data).toEqual({ 'k\ufffd': ['v\ufffd'] });
});
