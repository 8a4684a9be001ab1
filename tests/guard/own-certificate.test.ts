import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { ask, runGuard } from './support/guard.ts';
import { completion } from './support/provider.ts';

const read = (name: string) => readFileSync(new URL(`support/tls/${name}.pem`, import.meta.url), 'utf8');
const CERTIFICATE = read('certificate');

/** A provider whose certificate no usual authority has signed; gives its address, and how often it was called. */
async function startPrivate() {
  const calls: string[] = [];
  const server = createServer({ cert: CERTIFICATE, key: read('key') }, (request, response) => {
    calls.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(completion({ role: 'assistant', content: 'Fine.' })));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server listens on no port.');
  return { calls, base_url: `https://127.0.0.1:${address.port}/v1` };
}

test.each([
  ['with it', { ca: CERTIFICATE }, 200, 1],
  ['without it', {}, 502, 0],
])('a provider of an own authority is called %s: %#', async (_what, ca, status, called) => {
  const { base_url, calls } = await startPrivate();
  const upstream = { base_url, api_key: 'key', private_hosts: ['127.0.0.1'], ...ca };
  await using guard = await runGuard({ upstream });
  expect((await guard.chat(ask('Hi'))).status).toBe(status);
  expect(calls).toHaveLength(called);
});
