import { expect, test } from 'vitest';
import { ask, runGuard, type TestGuard } from './support/guard.ts';
import { echo } from './support/provider.ts';

async function readMetrics(guard: TestGuard, claims = {}): Promise<Response> {
  const token = await guard.controller.token(claims);
  return fetch(`${guard.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
}

test('calls, values and tokens are counted', async () => {
  await using guard = await runGuard();
  guard.provider.answer = echo;
  await guard.chat(ask('to jane@acme.io'));
  await guard.chat(ask('to jane@acme.io'));
  await guard.chat(ask([{ type: 'image_url', image_url: { url: 'data:image/png;base64,aaaa' } }]));
  const metrics = await (await readMetrics(guard)).text();
  const prefix = 'goose_mesh_guard_';
  expect(metrics.split('\n').filter((line) => line.startsWith(prefix))).toEqual(
    expect.arrayContaining([
      `${prefix}calls_total{shape="openai-chat",mode="auto",status="200",refused=""} 2`,
      `${prefix}calls_total{shape="openai-chat",mode="auto",status="422",refused="unprocessable"} 1`,
      `${prefix}values_total{direction="out",kind="EMAIL"} 2`,
      `${prefix}values_total{direction="back",kind="EMAIL"} 2`,
      `${prefix}tokens_total{direction="in"} 22`,
      `${prefix}first_token_seconds_count 2`,
      `${prefix}open_calls 0`,
    ]),
  );
});

test('only the agent of the guard and admins may read them', async () => {
  await using guard = await runGuard();
  expect((await readMetrics(guard)).status).toBe(200);
  expect((await readMetrics(guard, { kind: 'admin', sub: 'root', roles: [] })).status).toBe(200);
  expect((await readMetrics(guard, { kind: 'user', sub: 'alice' })).status).toBe(403);
  expect((await readMetrics(guard, { sub: 'legal' })).status).toBe(403);
  expect((await fetch(`${guard.url}/metrics`)).status).toBe(401);
});
