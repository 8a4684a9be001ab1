import { Hono } from 'hono';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { openRelay } from '../../src/agent/relay/relay.ts';
import { startHttpServer } from '../../src/core/http-server.ts';

const TRACE = 'c'.repeat(32);

async function startMesh() {
  const seen: {
    path: string;
    authorization: string | undefined;
    traceparent: string | undefined;
    body: string;
  }[] = [];
  const app = new Hono();
  app.all('*', async (c) => {
    const { path } = c.req;
    const [authorization, traceparent] = [c.req.header('authorization'), c.req.header('traceparent')];
    seen.push({ path, authorization, traceparent, body: await c.req.text() });
    return c.json({ ok: true });
  });
  const server = await startHttpServer(app.fetch, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const relay = await openRelay({
    controllerUrl: url,
    guardUrl: url,
    agentToken: () => Promise.resolve('agent-token'),
    log: pino({ level: 'silent' }),
  });
  return {
    seen,
    relay,
    port: server.port,
    stop: () => server.close(),
    async [Symbol.asyncDispose]() {
      await relay[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

test('tools are reached only by the URL of an admitted session, with its token and trace', async () => {
  await using mesh = await startMesh();
  const { toolsUrl } = mesh.relay.admit('s1', {
    token: () => Promise.resolve('session-token'),
    traceId: TRACE,
  });
  expect((await fetch(toolsUrl, { method: 'POST', body: '{"a":1}' })).status).toBe(200);
  expect(mesh.seen).toMatchObject([{ path: '/mcp', authorization: 'Bearer session-token', body: '{"a":1}' }]);
  expect(mesh.seen[0]?.traceparent).toContain(TRACE);
  expect((await fetch(`${mesh.relay.url}/tools/guess`, { method: 'POST' })).status).toBe(403);
  mesh.relay.dismiss('s1');
  expect((await fetch(toolsUrl, { method: 'POST' })).status).toBe(403);
});

test('the model is reached only with the key of the relay, and by the conversation that calls', async () => {
  await using mesh = await startMesh();
  mesh.relay.admit('s1', { token: () => Promise.resolve('session-token'), traceId: TRACE });
  mesh.relay.bind('s1', '20260101_1');
  const url = `${mesh.relay.url}/${mesh.relay.modelPath}`;
  const call = (headers: Record<string, string>) => fetch(url, { method: 'POST', body: '{}', headers });
  expect((await call({ authorization: 'Bearer guess' })).status).toBe(403);
  await call({ authorization: `Bearer ${mesh.relay.key}`, 'agent-session-id': '20260101_1' });
  await call({ authorization: `Bearer ${mesh.relay.key}` });
  expect(mesh.seen.map(({ path, authorization }) => [path, authorization])).toEqual([
    ['/v1/chat/completions', 'Bearer session-token'],
    ['/v1/chat/completions', 'Bearer agent-token'],
  ]);
});

test('a Goose of its own is known by its key, whatever it calls its conversation', async () => {
  await using mesh = await startMesh();
  const admit = (id: string) =>
    mesh.relay.admit(id, { token: () => Promise.resolve(`token-of-${id}`), traceId: TRACE });
  const [one, two] = [admit('s1'), admit('s2')];
  for (const id of ['s1', 's2']) mesh.relay.bind(id, '20260101_1');
  const call = (key: string) =>
    fetch(`${mesh.relay.url}/${mesh.relay.modelPath}`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${key}`, 'agent-session-id': '20260101_1' },
    });
  await call(two.key);
  await call(one.key);
  expect(mesh.seen.map(({ authorization }) => authorization)).toEqual([
    'Bearer token-of-s2',
    'Bearer token-of-s1',
  ]);
  mesh.relay.dismiss('s1');
  expect((await call(one.key)).status).toBe(403);
});

test('a call to the model that names no conversation belongs to none, also while a session has none yet', async () => {
  await using mesh = await startMesh();
  mesh.relay.admit('s1', { token: () => Promise.resolve('session-token'), traceId: TRACE });
  const headers = { authorization: `Bearer ${mesh.relay.key}` };
  await fetch(`${mesh.relay.url}/${mesh.relay.modelPath}`, { method: 'POST', body: '{}', headers });
  expect(mesh.seen).toMatchObject([{ authorization: 'Bearer agent-token', traceparent: undefined }]);
});

test('who knows the key of the relay does not know the tools of a session', async () => {
  await using mesh = await startMesh();
  const admit = () => mesh.relay.admit('s1', { token: () => Promise.resolve('t'), traceId: TRACE }).toolsUrl;
  const before = admit();
  mesh.relay.dismiss('s1');
  expect(admit()).not.toBe(before);
  expect((await fetch(before, { method: 'POST', body: '{}' })).status).toBe(403);
});

test('a controller that is away is waited for', async () => {
  await using mesh = await startMesh();
  const { toolsUrl } = mesh.relay.admit('s1', { token: () => Promise.resolve('t'), traceId: TRACE });
  await mesh.stop();
  const answer = fetch(toolsUrl, { method: 'POST', body: '{}' });
  const back = await startHttpServer(() => new Response('back'), { host: '127.0.0.1', port: mesh.port });
  expect(await (await answer).text()).toBe('back');
  await back.close();
});
