import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const create = () => mesh.as('user:alice').sessions.create({ role: 'finance' });

function send(id: string, event: string, ifMatch: string): Promise<Response> {
  return mesh.fetch('user:alice', `/sessions/${id}/events`, {
    method: 'PUT',
    body: JSON.stringify({ event }),
    headers: { 'if-match': ifMatch },
  });
}

function patch(id: string, metadata: unknown, ifMatch: string): Promise<Response> {
  return mesh.fetch('user:alice', `/sessions/${id}`, {
    method: 'PATCH',
    body: JSON.stringify({ metadata }),
    headers: { 'if-match': ifMatch, 'content-type': 'application/merge-patch+json' },
  });
}

const tagOf = async (id: string) =>
  (await mesh.fetch('user:alice', `/sessions/${id}`)).headers.get('etag') ?? '';

describe('If-Match', () => {
  test('lets an event pass that was decided upon the present state, and the answer has the next ETag', async () => {
    const { id } = await create();
    const response = await send(id, 'activate', await tagOf(id));
    expect(await response.json()).toMatchObject({ status: 'active' });
    expect(response.headers.get('etag')).toBe(await tagOf(id));
  });

  test('refuses an event after another change with the state that there is now', async () => {
    const { id } = await create();
    const read = await tagOf(id);
    await mesh.as('user:alice').sessions.send(id, 'activate');
    const problem = await problemOf(await send(id, 'activate', read), 'conflict');
    expect(problem).toMatchObject({ status: 409, state: 'active', version: 1, revision: 1 });
    expect(problem.detail).toContain('If-Match expects "0", but it is active with ETag "1"');
    expect((await mesh.as('user:alice').sessions.get(id)).version).toBe(1);
  });

  test('refuses a patch that was made upon other metadata, although the state is the same', async () => {
    const { id } = await create();
    const read = await tagOf(id);
    expect((await patch(id, { count: 1 }, read)).status).toBe(200);
    await problemOf(await patch(id, { count: 2 }, read), 'conflict');
    expect((await mesh.as('user:alice').sessions.get(id)).metadata).toEqual({ count: 1 });
  });

  test('lets one of many clients win that have read the same', async () => {
    const { id } = await create();
    const read = await tagOf(id);
    const codes = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (count) => (await patch(id, { count }, read)).status),
    );
    expect(codes.sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  test('holds for the session of a task, which ends with it or not at all', async () => {
    const { sessionId, task } = await startWork(mesh);
    await problemOf(await send(sessionId, 'complete', '"0"'), 'conflict');
    expect((await mesh.as('user:alice').tasks.get(task.id)).status).toBe('active');
    expect((await send(sessionId, 'complete', await tagOf(sessionId))).status).toBe(200);
    expect((await mesh.as('user:alice').tasks.get(task.id)).status).toBe('completed');
  });

  test.each(['*', '"0"', '"7", "0"'])('takes %s', async (header) => {
    const { id } = await create();
    expect((await send(id, 'activate', header)).status).toBe(200);
  });

  test('never matches a weak tag, nor one of somebody else', async () => {
    const { id } = await create();
    await problemOf(await send(id, 'activate', 'W/"0", "a,b"'), 'conflict');
  });

  test.each(['0', '"0', 'W/0', '"0" and "1"'])('that says %s is refused', async (header) => {
    const { id } = await create();
    const problem = await problemOf(await send(id, 'activate', header), 'invalid_request');
    expect(problem.detail).toContain('Expected If-Match with an ETag such as "3"');
  });

  test('is what the client sends for the revision that it has read', async () => {
    const alice = mesh.as('user:alice');
    const { id, revision } = await create();
    const active = await alice.sessions.send(id, 'activate', undefined, { ifRevision: revision });
    const stale = { ifRevision: revision };
    expect(await refusalOf(alice.sessions.send(id, 'pause', undefined, stale))).toBe('conflict');
    expect(await refusalOf(alice.sessions.mergeMetadata(id, { a: 1 }, stale))).toBe('conflict');
    const edited = await alice.sessions.mergeMetadata(id, { a: 1 }, { ifRevision: active.revision });
    expect(edited.revision).toBe(active.revision + 1);
  });
});

test('an event that only repeats the last one leaves the ETag as it is', async () => {
  const { id } = await create();
  await mesh.as('user:alice').sessions.send(id, 'activate');
  const before = await tagOf(id);
  await mesh.as('user:alice').sessions.send(id, 'activate');
  expect(await tagOf(id)).toBe(before);
});
