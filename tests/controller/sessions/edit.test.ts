import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { endTurn, startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const create = (metadata = {}) => mesh.as('user:alice').sessions.create({ role: 'finance', metadata });

function patch(id: string, body: unknown, { type = 'application/merge-patch+json', ...headers } = {}) {
  return mesh.fetch('user:alice', `/sessions/${id}`, {
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { 'content-type': type, ...headers },
  });
}

const editsOf = (id: string) =>
  mesh.sql<{ actor: string; data: unknown }>(
    `select actor, data from events where subject = $1 and kind = 'session.edited'`,
    [`session:${id}`],
  );

describe('a patch', () => {
  test('merges metadata, and leaves the state, an event and a new ETag', async () => {
    const before = await create({ quarter: 1, tags: { old: true, kept: 1 } });
    const response = await patch(before.id, { metadata: { quarter: 2, tags: { old: null } } });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"1"');
    const after: unknown = await response.json();
    expect(after).toEqual({ ...before, revision: 1, metadata: { quarter: 2, tags: { kept: 1 } } });
    expect(await mesh.as('user:alice').sessions.get(before.id)).toEqual(after);
    expect(await editsOf(before.id)).toEqual([
      { actor: 'user:alice', data: { role: 'finance', task_id: null, revision: 1 } },
    ]);
  });

  test.each([{}, { metadata: {} }, { metadata: { quarter: 1, none: null } }])(
    'that changes nothing, %j, leaves no event',
    async (body) => {
      const before = await create({ quarter: 1 });
      expect(await (await patch(before.id, body)).json()).toEqual(before);
      expect(await editsOf(before.id)).toEqual([]);
    },
  );

  test('of null empties the metadata', async () => {
    const { id } = await create({ quarter: 1 });
    expect(await (await patch(id, { metadata: null })).json()).toMatchObject({ metadata: {} });
  });

  test('cannot meet what the lifecycle notes, whatever its keys are called', async () => {
    const work = await startWork(mesh);
    const sent = await work.tools.call('send_task', { role: 'legal', description: 'May we?' });
    await endTurn(work);
    const alice = mesh.as('user:alice');
    const edited = await alice.sessions.mergeMetadata(work.sessionId, { waiting_on: ['nothing'] });
    expect(edited).toMatchObject({
      status: 'paused',
      fsm_metadata: { waiting_on: [`task:${String(sent['task_id'])}`] },
      metadata: { waiting_on: ['nothing'] },
    });
    const moved = await alice.sessions.send(work.sessionId, 'pause');
    expect(moved).toMatchObject({
      fsm_metadata: { paused_by: 'user:alice' },
      metadata: { waiting_on: ['nothing'] },
    });
  });

  test('keeps no personal data', async () => {
    const { id } = await create();
    const edited = await mesh.as('user:alice').sessions.mergeMetadata(id, { mail: 'ada@example.org' });
    expect(edited.metadata).toEqual({ mail: '[EMAIL hidden]' });
  });

  test('works on a session that has ended', async () => {
    const alice = mesh.as('user:alice');
    const { id } = await create();
    await alice.sessions.send(id, 'activate');
    await alice.sessions.send(id, 'complete');
    expect(await alice.sessions.mergeMetadata(id, { filed: true })).toMatchObject({
      status: 'completed',
      metadata: { filed: true },
    });
  });
});

describe('a patch is refused', () => {
  test.each(['status', 'version', 'fsm_metadata', 'paused_by', 'waiting_on', 'owner'])(
    'that would change %s, and changes nothing',
    async (key) => {
      const before = await create();
      const response = await patch(before.id, { metadata: { quarter: 1 }, [key]: {} });
      const problem = await problemOf(response, 'invalid_request');
      expect(problem.detail).toContain(`a patch changes the metadata of a session alone, not ${key};`);
      expect(await mesh.as('user:alice').sessions.get(before.id)).toEqual(before);
    },
  );

  test.each([[[]], ['text'], [null], [{ metadata: [] }], [{ metadata: 'text' }]])(
    'that is no object of objects: %j',
    async (body) => {
      const { id } = await create({ quarter: 1 });
      await problemOf(await patch(id, body), 'invalid_request');
    },
  );

  test('of plain JSON, which does not say what it means to do', async () => {
    const { id } = await create();
    const response = await patch(id, { metadata: {} }, { type: 'application/json' });
    expect((await problemOf(response, 'unsupported_media_type')).detail).toBe(
      'Expected content-type application/merge-patch+json, found application/json.',
    );
  });

  test('that makes the metadata too large, as is a session that begins so', async () => {
    const half = { text: 'x'.repeat(40_000) };
    const { id } = await create({ first: half });
    const problem = await problemOf(await patch(id, { metadata: { second: half } }), 'too_large');
    expect(problem.detail).toContain('at most 65536 bytes');
    expect(await refusalOf(create({ first: half, second: half }))).toBe('too_large');
  });

  test('of a session that is not there, or not the caller’s', async () => {
    await problemOf(await patch(randomUUID(), { metadata: {} }), 'not_found');
    const { id } = await create();
    expect(await refusalOf(mesh.as('user:bob').sessions.mergeMetadata(id, {}))).toBe('not_found');
  });
});

test('/openapi.json describes the patch, its If-Match and the ETag of the answer', async () => {
  const api: unknown = await (await mesh.fetch('user:alice', '/openapi.json')).json();
  expect(api).toMatchObject({
    paths: {
      '/sessions/{id}': {
        patch: {
          parameters: expect.arrayContaining([
            expect.objectContaining({ in: 'header', name: 'if-match', required: false }),
          ]) as unknown,
          requestBody: { required: true, content: { 'application/merge-patch+json': {} } },
          responses: { 200: { headers: { ETag: {} } }, 409: {} },
        },
      },
    },
  });
});
