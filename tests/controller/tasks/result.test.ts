import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { startWork, takeWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const result_schema = {
  type: 'object',
  properties: { total: { type: 'number', minimum: 0 } },
  required: ['total'],
  additionalProperties: false,
};
const taskOf = (id: string) => mesh.as('user:alice').tasks.get(id);

function complete(work: Awaited<ReturnType<typeof startWork>>, data: object) {
  const body = JSON.stringify({ lease_id: work.claim.lease_id, text: 'There.', data });
  return mesh.fetch('agent:finance', `/tasks/${work.task.id}/complete`, { method: 'POST', body });
}

test('data that break the schema are refused with place, expected and found, and nothing changes', async () => {
  const work = await startWork(mesh, { result_schema });
  const problem = await problemOf(await complete(work, { total: 'many' }), 'invalid_result');
  expect(problem).toMatchObject({
    status: 422,
    issues: [
      {
        path: 'data.total',
        message: expect.stringContaining('expected number') as string,
        found: 'a string',
      },
    ],
  });
  expect((await taskOf(work.task.id)).status).toBe('active');
  const tool = { outcome: 'done', summary: 'There.', data: { total: -1 } };
  expect(await work.tools.refuse('complete_task', tool)).toMatch(
    /data\.total: .*found a number.*call complete_task/,
  );
  await work.tools.call('complete_task', { ...tool, data: { total: 3 } });
  expect((await taskOf(work.task.id)).result).toMatchObject({ text: 'There.', data: { total: 3 } });
});

test('last words are no result of a task that wants data, and the model is told what to call', async () => {
  const work = await startWork(mesh, { result_schema });
  const report = { lease_id: work.claim.lease_id, text: 'It is 3.', told: [] };
  expect(await work.agent.tasks.reportTurn(work.task.id, report)).toMatchObject({
    next: 'refused',
    reason: expect.stringContaining('call complete_task with outcome, summary and data') as string,
  });
});

test('who declines needs no data', async () => {
  const work = await startWork(mesh, { result_schema });
  await work.tools.call('complete_task', { outcome: 'declined', summary: 'I cannot.' });
  expect((await taskOf(work.task.id)).outcome).toBe('declined');
});

test.each([
  ['that is none', { result_schema: { type: 'object', properties: 5 } }],
  [
    'with a pattern',
    { result_schema: { type: 'object', properties: { a: { type: 'string', pattern: 'x' } } } },
  ],
])('a schema %s is refused when the task is sent', async (_what, extra) => {
  const body = JSON.stringify({ target: 'legal', description: 'x', ...extra });
  await problemOf(
    await mesh.fetch('user:alice', '/tasks/route', { method: 'POST', body }),
    'invalid_request',
  );
});

const plan = {
  name: 'plan',
  uri: 's3://files/plan.csv',
  media_type: 'text/csv',
  bytes: 12,
  sha256: 'a'.repeat(64),
};

test('attachments go with tasks, questions and results, as references', async () => {
  const work = await startWork(mesh, { attachments: [plan] });
  expect(work.claim.task.attachments).toEqual([plan]);
  const sent = await work.tools.call('send_task', {
    role: 'legal',
    description: 'May we?',
    attachments: [plan],
  });
  const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === sent['task_id']);
  expect(legal.task.attachments).toEqual([plan]);
  const uri = 'https://files.example.org/opinion.pdf';
  await legal.tools.call('complete_task', {
    outcome: 'done',
    summary: 'Yes.',
    attachments: [{ name: 'opinion', uri }],
  });
  const report = { lease_id: work.claim.lease_id, text: 'I wait.', told: [] };
  expect(await work.agent.tasks.reportTurn(work.task.id, report)).toMatchObject({
    answers: [{ attachments: [{ name: 'opinion', uri }] }],
  });
});

test('names and places of attachments tell no role what it may not see', async () => {
  const attachments = [{ name: 'SSN 536-22-8724', uri: 'https://files.example.org/?ssn=536-22-8724' }];
  const { id } = await mesh
    .as('user:alice')
    .tasks.route({ target: 'manager', description: 'x', attachments });
  expect(JSON.stringify((await taskOf(id)).attachments)).not.toContain('536-22-8724');
});

test.each([
  ['content itself', [{ name: 'x', uri: 'data:text/plain,hello' }]],
  ['a password', [{ name: 'x', uri: 'https://alice:secret@files.example.org/x' }]],
  ['no URI', [{ name: 'x', uri: 'plan.csv' }]],
  ['a script', [{ name: 'x', uri: 'javascript:alert(1)' }]],
  ['33 of them', Array.from({ length: 33 }, () => ({ name: 'x', uri: 'https://files.example.org/x' }))],
])('an attachment that holds %s is refused', async (_what, attachments) => {
  const body = JSON.stringify({ target: 'legal', description: 'x', attachments });
  await problemOf(
    await mesh.fetch('user:alice', '/tasks/route', { method: 'POST', body }),
    'invalid_request',
  );
});

test('a task of more than 1 MiB is refused', async () => {
  const body = JSON.stringify({ target: 'legal', description: 'x', data: { blob: 'x'.repeat(1024 * 1024) } });
  await problemOf(await mesh.fetch('user:alice', '/tasks/route', { method: 'POST', body }), 'too_large');
});
