import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { startWork, type Work } from '../support/work.ts';

let mesh: TestController;
let work: Work;
let cancelled: Work;
let above: string;
let beneath: string;
beforeAll(async () => {
  mesh = await startTestController();
  const alice = mesh.as('user:alice');
  work = await startWork(mesh, {
    result_schema: { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] },
  });
  cancelled = await startWork(mesh);
  await alice.tasks.cancel(cancelled.task.id, 'not needed');
  above = (await alice.tasks.route({ target: 'legal', description: 'x' })).id;
  beneath = (await alice.tasks.route({ target: 'legal', description: 'x' })).id;
  await alice.tasks.edit(beneath, { parent_id: above });
});
afterAll(() => mesh[Symbol.asyncDispose]());

/** Of all that tasks, sessions and approvals are. The log is not among it: refusals leave a line there. */
async function digestTables(): Promise<string> {
  const tables = ['tasks', 'sessions', 'session_transitions', 'approvals', 'approval_decisions'];
  const rows = await Promise.all(
    tables.map((table) => mesh.sql(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)),
  );
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

const route = (fields: string) => ({
  actor: 'user:alice',
  path: '/tasks/route',
  body: `{"target": "finance", "description": "x", ${fields}}`,
});
const complete = ({ task, claim }: Work, data: object) => ({
  actor: 'agent:finance',
  path: `/tasks/${task.id}/complete`,
  body: JSON.stringify({ lease_id: claim.lease_id, text: 'Done.', data }),
});

interface Bad {
  readonly actor: string;
  readonly path: string;
  readonly body: string;
  readonly method?: string;
}

const BAD: readonly (readonly [string, () => Bad, ErrorCode])[] = [
  ['an amount as text', () => route('"amount": "125000"'), 'invalid_request'],
  ['a negative amount', () => route('"amount": -1'), 'invalid_request'],
  ['NaN as an amount', () => route('"amount": NaN'), 'invalid_request'],
  ['NaN as text', () => route('"amount": "NaN"'), 'invalid_request'],
  ['null as an amount', () => route('"amount": null'), 'invalid_request'],
  ['an amount beyond all', () => route('"amount": 1e400'), 'invalid_request'],
  ['another currency', () => route('"amount": 5, "currency": "EUR"'), 'invalid_request'],
  ['a completion of a cancelled task', () => complete(cancelled, {}), 'task_closed'],
  ['a result that breaks its schema', () => complete(work, { total: 'many' }), 'invalid_result'],
  [
    'a circle of parents',
    () => ({
      actor: 'user:alice',
      path: `/tasks/${above}`,
      body: JSON.stringify({ parent_id: beneath }),
      method: 'PATCH',
    }),
    'conflict',
  ],
];

test.each(BAD)('%s is one clear problem, and nothing changes', async (_what, bad, code) => {
  const { actor, path, body, method = 'POST' } = bad();
  const before = await digestTables();
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await mesh.fetch(actor, path, { method, body, headers: { 'content-type': type } });
  const problem = await problemOf(response, code);
  expect(problem.detail).not.toBe('');
  expect(await digestTables()).toBe(before);
});
