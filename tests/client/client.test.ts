import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { openLossyProxy } from './support/lossy-proxy.ts';

let controller: TestController;
beforeAll(async () => {
  controller = await startTestController();
});
afterAll(() => controller[Symbol.asyncDispose]());

test.each(['../../events', 'a/../..', '?limit=1', '..', '.', 'a#b'])(
  'an id such as %j reaches no other path',
  async (id) => {
    const get = async () => controller.as('user:root').sessions.get(id);
    await expect(get()).rejects.toMatchObject({
      code: 'invalid_request',
    });
  },
);

test.each(['complete', 'delete'] as const)(
  'what ends a session is not repeated when its answer is lost, so it is not taken for refused (%s)',
  async (end) => {
    const proxy = await openLossyProxy(
      controller.url,
      ({ method }) => method === 'PUT' || method === 'DELETE',
    );
    const client = createClient({
      baseUrl: proxy.url,
      credentials: controller.credentialsOf('user:alice'),
      retryForMs: 10_000,
    });
    onTestFinished(() => client.close());
    const alice = controller.as('user:alice');
    const { id } = await alice.sessions.create({ role: 'legal' });
    await alice.sessions.send(id, 'activate');
    if (end === 'delete') await alice.sessions.send(id, 'complete');

    const ending = end === 'complete' ? client.sessions.send(id, 'complete') : client.sessions.delete(id);
    await expect(ending).rejects.toMatchObject({ code: 'unavailable' });
    expect(proxy.lost).toHaveLength(1);
  },
);

test('a client that is closed does not try again', async () => {
  const client = createClient({
    baseUrl: 'http://127.0.0.1:1',
    credentials: controller.credentialsOf('user:alice'),
    // Longer than a test may take.
    retryForMs: 600_000,
  });
  const listing = client.agents.list();
  await Promise.all([expect(listing).rejects.toMatchObject({ code: 'unavailable' }), client.close()]);
  await expect(client.agents.list()).rejects.toMatchObject({ code: 'unavailable' });
});
