import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const MEBIBYTE = 1024 * 1024;
const TASK = { target: 'finance', description: 'New chairs.' };
const JSON_TYPE = { 'content-type': 'application/json' };

async function post(path: string, init: RequestInit): Promise<Response> {
  return mesh.fetch('user:alice', path, { method: 'POST', ...init });
}

/** A body in pieces, whose length nobody has said before. */
function inChunks(text: string): RequestInit {
  const body = ReadableStream.from(text.match(/.{1,65536}/gs) ?? []).pipeThrough(new TextEncoderStream());
  return { body, duplex: 'half', headers: JSON_TYPE };
}

describe('a body over 1 MiB', () => {
  const large = JSON.stringify({ ...TASK, data: { text: 'x'.repeat(MEBIBYTE) } });

  test('is refused by its length', async () => {
    await problemOf(await post('/tasks/route', { body: large }), 'too_large');
  });

  test('is refused also when its length was not told', async () => {
    await problemOf(await post('/tasks/route', inChunks(large)), 'too_large');
  });

  test('is refused before anybody asks who sent it', async () => {
    const response = await fetch(`${mesh.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ a: large }),
    });
    await problemOf(response, 'too_large');
  });
});

test('a body of just under 1 MiB is taken, in one piece or in many', async () => {
  const envelope = JSON.stringify({ ...TASK, data: { text: '' } }).length;
  const body = JSON.stringify({ ...TASK, data: { text: 'x'.repeat(MEBIBYTE - envelope) } });
  expect(body).toHaveLength(MEBIBYTE);
  expect((await post('/tasks/route', { body })).status).toBe(200);
  expect((await post('/tasks/route', inChunks(body))).status).toBe(200);
});

describe('a body that is not JSON', () => {
  test.each(['{', '{"target": finance}', 'null,', '\u0000'])('as %j is refused', async (body) => {
    const problem = await problemOf(await post('/tasks/route', { body }), 'invalid_request');
    expect(problem.detail).toBe('Expected a JSON body, but what was sent does not parse as JSON.');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'nonsense'])(
    'because it is %s is refused',
    async (type) => {
      const response = await post('/tasks/route', {
        body: JSON.stringify(TASK),
        headers: { 'content-type': type },
      });
      expect((await problemOf(response, 'unsupported_media_type')).detail).toBe(
        `Expected content-type application/json, found ${type}.`,
      );
    },
  );

  test('for all one can tell is refused', async () => {
    const token = await mesh.as('user:alice').token();
    const response = await fetch(`${mesh.url}/tasks/route`, {
      method: 'POST',
      body: Buffer.from(JSON.stringify(TASK)),
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await problemOf(response, 'unsupported_media_type')).detail).toContain('found none');
  });

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.mesh+json'])(
    'by another name is JSON all the same: %s',
    async (type) => {
      const response = await post('/tasks/route', {
        body: JSON.stringify(TASK),
        headers: { 'content-type': type },
      });
      expect(response.status).toBe(200);
    },
  );
});

describe('JSON', () => {
  const nested = (depth: number) =>
    `{"target": "finance", "description": "x", "data": {"a": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;

  test('may be nested 100 levels deep', async () => {
    expect((await post('/tasks/route', { body: nested(98) })).status).toBe(200);
  });

  test.each([99, 10_000, 500_000])('that is nested %i levels deeper is refused', async (depth) => {
    expect(
      (await problemOf(await post('/tasks/route', { body: nested(depth) }), 'invalid_request')).detail,
    ).toContain('nested at most 100 levels deep');
  });

  test('may hold as many brackets in its texts as it likes', async () => {
    const body = JSON.stringify({ ...TASK, description: '["{\\'.repeat(5000) });
    expect((await post('/tasks/route', { body })).status).toBe(200);
  });
});

test('what is missing or wrong is named', async () => {
  const problem = await problemOf(
    await post('/tasks/route', { body: '{"description": "x"}' }),
    'invalid_request',
  );
  expect(problem).toMatchObject({
    detail: expect.stringMatching(/^json target: /) as string,
    hint: 'GET /openapi.json describes POST /tasks/route.',
    issues: [{ path: 'target' }],
  });
});

describe('what there is not', () => {
  test('a path is told as such', async () => {
    const problem = await problemOf(await mesh.fetch('user:alice', '/chairs'), 'not_found');
    expect(problem.detail).toBe('There is no route GET /chairs.');
  });

  test.each([
    ['PATCH', '/sessions', 'POST, GET'],
    ['PUT', '/tasks/abc', 'GET, PATCH'],
    ['DELETE', '/health/live', 'GET'],
    ['GET', '/mcp', 'POST'],
  ])('the method %s of %s is told with those that there are', async (method, path, allow) => {
    const response = await mesh.fetch('user:alice', path, { method });
    const problem = await problemOf(response, 'method_not_allowed');
    expect(problem).toMatchObject({ status: 405, detail: `Expected ${allow} for ${path}, found ${method}.` });
    expect(response.headers.get('allow')).toBe(allow);
  });
});

test.each(['Host: a b', 'Host: a/b', 'X: y'])(
  'a request with the header %j alone is refused',
  async (header) => {
    const answer = await sendRaw(`GET /health/live HTTP/1.1\r\n${header}\r\nConnection: close\r\n\r\n`);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 400 [^]*content-type: application\/problem\+json/i);
    expect(body).toContain('"code":"invalid_request"');
  },
);

/** What no HTTP client would send. */
async function sendRaw(request: string): Promise<string> {
  const socket = connect(Number(new URL(mesh.url).port), '127.0.0.1');
  socket.end(request);
  return text(socket);
}

test('a text that the database cannot store is refused, not broken by', async () => {
  const response = await mesh.fetch('user:alice', '/tasks?target=%00');
  await problemOf(response, 'unprocessable');
});

test('metrics tell of requests by route and of tasks by state', async () => {
  await post('/tasks/route', { body: JSON.stringify(TASK) });
  const text = await (await mesh.fetch('user:root', '/metrics')).text();
  expect(text).toMatch(/goose_mesh_tasks\{status="pending",target="finance"\} [1-9]/);
  expect(text).toMatch(/duration_seconds_count\{method="POST",route="\/tasks\/route",status="200"\} [1-9]/);
  expect(text).toContain('status="413"');
});

test('an admin sees the migrations, and applies those that wait', async () => {
  const root = mesh.as('user:root');
  const status = await root.migrations.status();
  expect(new Set(status.map(({ state }) => state))).toEqual(new Set(['applied']));
  expect(await root.migrations.apply()).toEqual(status);
});

test('the API describes itself in OpenAPI 3.1', async () => {
  const api = (await (await mesh.fetch('agent:finance', '/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { summary?: string; responses: Record<string, unknown> }>>;
  };
  expect(api.openapi).toBe('3.1.0');
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, { summary, responses }] of Object.entries(methods)) {
      expect(summary, `${method} ${path}`).toBeTruthy();
      expect(Object.keys(responses), `${method} ${path}`).toEqual(
        expect.arrayContaining(['405', '500', '503']),
      );
    }
  }
});
