import { expect, test } from 'vitest';
import { startController } from './support/controller.ts';
import { ask } from './support/guard.ts';
import { GUARD_MEMORY_MB, spawnGuard } from './support/process.ts';
import { chunk, DONE, startProvider } from './support/provider.ts';
import { readStream } from './support/stream.ts';

/** As many as `limits.concurrent` allows by default. */
const STREAMS = 500;

test('500 streams at the same time are served to their ends, in the memory that a guard has', async () => {
  await using controller = await startController();
  await using provider = await startProvider();
  await using guard = await spawnGuard(controller, provider);
  const proceed = Promise.withResolvers<undefined>();
  provider.answer = async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk({ content: 'a' }));
    await proceed.promise;
    response.end(chunk({ content: 'b' }) + chunk({}, 'stop') + DONE);
  };
  const headers = { authorization: `Bearer ${await controller.token()}` };
  const body = JSON.stringify(ask('to jane@acme.io', { stream: true }));
  const chat = () => fetch(`${guard.url}/v1/chat/completions`, { method: 'POST', headers, body });
  const answers = await Promise.all(Array.from({ length: STREAMS }, chat));
  expect(provider.received).toHaveLength(STREAMS);
  const refused = await chat();
  expect({ status: refused.status, retry: refused.headers.get('retry-after') }).toEqual({
    status: 429,
    retry: '1',
  });
  const memory = await guard.readMemory();
  expect(memory).toBeLessThan(GUARD_MEMORY_MB);
  proceed.resolve(undefined);
  const read = await Promise.all(answers.map(async (answer) => readStream(await answer.text())));
  expect(read.filter(({ content, done }) => content === 'ab' && done)).toHaveLength(STREAMS);
  await expect.poll(() => controller.rows.length).toBe(STREAMS + 1);
});
