import { Hono } from 'hono';
import { expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../../src/core/http-server.ts';
import { startWork } from '../controller/support/work.ts';
import { startTestMesh } from '../support/mesh.ts';

/** A provider that thinks for ever about every chat, until nobody wants its answer any more. */
async function startThinker() {
  const called = Promise.withResolvers<undefined>();
  const dropped = Promise.withResolvers<undefined>();
  const app = new Hono();
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [] }));
  app.post('/v1/chat/completions', (c) => {
    c.req.raw.signal.addEventListener('abort', () => {
      dropped.resolve(undefined);
    });
    called.resolve(undefined);
    return new Promise<Response>(() => undefined);
  });
  const server = await startHttpServer(app.fetch, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { url: `http://127.0.0.1:${server.port}/v1`, called: called.promise, dropped: dropped.promise };
}

test('a turn of Goose ends as soon as the task is called off for whose sake it works', async () => {
  const thinker = await startThinker();
  // The next beat would come in minutes.
  const options = { upstream: thinker.url, controller: { lease_seconds: 3600 } };
  await using mesh = await startTestMesh(['legal'], options);
  const finance = await startWork(mesh.controller);
  const { task_id: id } = await finance.tools.call('send_task', { role: 'legal', description: 'May we?' });
  await thinker.called;
  const alice = mesh.controller.as('user:alice');
  await alice.tasks.cancel(finance.task.id, 'not needed');
  await thinker.dropped;
  expect(await alice.tasks.get(String(id))).toMatchObject({ status: 'cancelled', attempts: 1 });
});
