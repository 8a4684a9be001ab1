import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createAudit } from '../../src/guard/audit.ts';
import { createGate } from '../../src/guard/gate.ts';
import { createMetrics } from '../../src/guard/metrics.ts';
import { DEFAULT_PRIVACY } from '../../src/guard/privacy.ts';
import { createApp, type GuardDeps } from '../../src/guard/server.ts';
import { ask } from './support/guard.ts';

const log: string[] = [];
const logger = pino({}, { write: (line) => log.push(line) });
const DEPS: GuardDeps = {
  authenticate: () =>
    Promise.resolve({ kind: 'agent', name: 'finance', actor: 'agent:finance', roles: ['finance'] }),
  audit: createAudit(() => Promise.resolve(), logger),
  upstream: {
    send: () => Promise.reject(new Error('unexpected: jane@acme.io')),
    explain: () => ({ status: 502, code: '', message: '' }),
    close: () => Promise.resolve(),
  },
  maskKey: 'k'.repeat(32),
  prepareDetection: () => Promise.resolve({}),
  privacyOf: () => DEFAULT_PRIVACY,
  permit: () => Promise.resolve(),
  gate: createGate({ concurrent: 10 }),
  metrics: createMetrics(),
  isReady: () => false,
  log: logger,
};

test('a failure of the guard itself is a 500 that tells nothing of the call', async () => {
  const answer = await createApp(DEPS).request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify(ask('jane@acme.io')),
  });
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({
    error: {
      message: 'The guard failed and stopped the call.',
      type: 'server_error',
      code: 'internal',
    },
  });
  expect(log.join('')).toContain('server.test.ts');
  expect(log.join('')).not.toContain('jane');
});

test('without keys the guard lives but is not ready', async () => {
  const app = createApp(DEPS);
  expect((await app.request('/health/live')).status).toBe(200);
  expect((await app.request('/health/ready')).status).toBe(503);
});
