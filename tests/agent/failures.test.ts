import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { Budgets } from '../../src/core/budget.ts';
import { startHttpServer } from '../../src/core/http-server.ts';
import { readProfile } from '../support/controller.ts';
import { startTestMesh } from '../support/mesh.ts';
import { waitForEvent } from './support/wait.ts';

/** A provider that answers every chat with one status; with 200 it says nothing. */
async function startProvider(status: 200 | 400 | 402 | 500) {
  let calls = 0;
  const app = new Hono();
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [] }));
  app.post('/v1/chat/completions', (c) => {
    calls += 1;
    if (status === 200) {
      const choices = [{ index: 0, delta: { role: 'assistant' }, finish_reason: 'stop' }];
      const chunk = { id: 'x', object: 'chat.completion.chunk', created: 0, model: 'm', choices };
      c.header('content-type', 'text/event-stream');
      return c.body(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    }
    return c.json({ error: { message: 'no', type: 'error', code: null } }, status);
  });
  const server = await startHttpServer(app.fetch, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    get calls() {
      return calls;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

test('an exhausted budget (402) fails the task at once, with that reason', async () => {
  await using provider = await startProvider(402);
  await using mesh = await startTestMesh(['legal'], { upstream: provider.url });
  const alice = mesh.controller.as('user:alice');
  const task = await alice.tasks.route({ target: 'legal', description: 'Read this.' });
  const failed = await waitForEvent(mesh.controller, ({ kind }) => kind === 'task.failed');
  expect(failed.subject).toBe(`task:${task.id}`);
  expect((await alice.tasks.get(task.id)).failure).toMatch(/budget .* exhausted/);
  expect(provider.calls).toBe(1);
});

test('a budget of the profile that is used up fails the task at once, with that reason', async () => {
  await using provider = await startProvider(200);
  const legal = await readProfile('legal');
  const budgets = Budgets.parse({ per_task: { calls: 0 } });
  await using mesh = await startTestMesh(['legal'], {
    upstream: provider.url,
    controller: { profiles: [{ ...legal, budgets }] },
  });
  const alice = mesh.controller.as('user:alice');
  const task = await alice.tasks.route({ target: 'legal', description: 'Read this.' });
  await waitForEvent(mesh.controller, ({ kind }) => kind === 'task.failed');
  expect(await alice.tasks.get(task.id)).toMatchObject({
    attempts: 1,
    failure: expect.stringMatching(/budget .* exhausted/) as string,
  });
  expect(provider.calls).toBe(0);
});

test("Goose's own error text is a failure, not an answer", async () => {
  await using provider = await startProvider(400);
  await using mesh = await startTestMesh(['legal'], { upstream: provider.url });
  const alice = mesh.controller.as('user:alice');
  const { id } = await alice.tasks.route({ target: 'legal', description: 'Read this.' });
  await waitForEvent(mesh.controller, ({ kind }) => kind === 'task.failed');
  const task = await alice.tasks.get(id);
  expect(task).toMatchObject({ status: 'failed', result: null, attempts: 1 });
  expect(task.failure).toMatch(/the model could not be used: .*\(400\)/);
});

test.each([
  ['is broken for now', 500],
  ['answers with nothing', 200],
] as const)('a provider that %s puts the task back for another attempt', async (_what, status) => {
  await using provider = await startProvider(status);
  await using mesh = await startTestMesh(['legal'], { upstream: provider.url });
  const { id } = await mesh.controller
    .as('user:alice')
    .tasks.route({ target: 'legal', description: 'Read this.' });
  const released = await waitForEvent(mesh.controller, ({ kind }) => kind === 'task.released');
  expect(released).toMatchObject({ subject: `task:${id}`, data: { attempt: 1 } });
});
