import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { STARTS_AFTER_HEADER } from '../../../src/core/event.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { openStream } from '../support/stream.ts';
import { startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());
afterEach(() => {
  vi.useRealTimers();
});

const newSession = () => mesh.as('user:alice').sessions.create({ role: 'finance' });

async function lastSeq(): Promise<number> {
  const [row] = await mesh.sql<{ seq: string }>('select coalesce(max(seq), 0) as seq from events');
  return Number(row?.seq);
}

/** Now is where the controller's own tail of the log is, which follows the database at a small distance. */
async function untilFollowed(seq: number): Promise<void> {
  await using stream = await openStream(mesh, 'user:root', { after: seq - 1 });
  await stream.next();
}

describe('without Last-Event-ID', () => {
  test('the stream begins now, and says after which event', async () => {
    await newSession();
    const end = await lastSeq();
    await untilFollowed(end);
    await using stream = await openStream(mesh, 'user:root');
    expect(stream.response.headers.get(STARTS_AFTER_HEADER)).toBe(String(end));
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const { id } = await newSession();
    expect(await stream.next()).toMatchObject({
      seq: end + 1,
      kind: 'session.created',
      subject: `session:${id}`,
    });
  });
});

describe('with Last-Event-ID', () => {
  test('0 begins at the beginning of the log', async () => {
    await newSession();
    await using stream = await openStream(mesh, 'user:root', { after: 0 });
    expect(stream.response.headers.get(STARTS_AFTER_HEADER)).toBe('0');
    expect((await stream.next()).seq).toBe(1);
  });

  test('the stream goes on after that event, from the past into the present', async () => {
    for (let n = 0; n < 3; n += 1) await newSession();
    const end = await lastSeq();
    await using stream = await openStream(mesh, 'user:root', { after: end - 2 });
    expect((await stream.take(2)).map(({ seq }) => seq)).toEqual([end - 1, end]);
    await newSession();
    expect((await stream.next()).seq).toBe(end + 1);
  });

  test('of an event that this controller may have yet to see, nothing is told twice', async () => {
    const end = await lastSeq();
    await newSession();
    await using stream = await openStream(mesh, 'user:root', { after: end + 1 });
    await newSession();
    expect((await stream.next()).seq).toBe(end + 2);
  });

  test('from the future is refused, since it is of another log', async () => {
    const headers = { 'last-event-id': String((await lastSeq()) + 1) };
    const problem = await problemOf(await mesh.fetch('user:root', '/events', { headers }), 'invalid_request');
    expect(problem.detail).toMatch(
      /^Expected the number of an event of this log, which ends at \d+, found \d+\.$/,
    );
  });

  test.each(['', '-1', 'abc', '1.5', '1e3', '0x10', '9'.repeat(20)])('%j is refused', async (id) => {
    const response = await mesh.fetch('user:root', '/events', { headers: { 'last-event-id': id } });
    await problemOf(response, 'invalid_request');
  });
});

describe('a filter', () => {
  test.each([
    ['a noun', 'kind=task', ['task.routed', 'task.claimed', 'task.completed']],
    ['a kind', 'kind=session.completed', ['session.completed']],
    ['several', 'kind=task.routed,session.activated', ['task.routed', 'session.activated']],
  ])('by %s lets only those pass, past and present', async (_what, query, kinds) => {
    const end = await lastSeq();
    await using live = await openStream(mesh, 'user:alice', { query });
    const { tools, task } = await startWork(mesh);
    await tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
    await using past = await openStream(mesh, 'user:alice', {
      query: `${query}&trace_id=${task.trace_id}`,
      after: end,
    });
    for (const stream of [live, past]) {
      expect((await stream.take(kinds.length)).map(({ kind }) => kind)).toEqual(kinds);
    }
  });

  test('by subject', async () => {
    const end = await lastSeq();
    await newSession();
    const { id } = await newSession();
    await using stream = await openStream(mesh, 'user:alice', { query: `subject=session:${id}`, after: end });
    expect((await stream.next()).subject).toBe(`session:${id}`);
    await mesh.as('user:alice').sessions.send(id, 'activate');
    expect(await stream.next()).toMatchObject({ kind: 'session.activated', subject: `session:${id}` });
  });

  test.each(['tasks', 'task.done', 'task,', ''])(
    'by kind=%s, which there is not, is refused',
    async (kind) => {
      const response = await mesh.fetch('user:root', `/events?kind=${kind}`);
      expect((await problemOf(response, 'invalid_request')).hint).toContain(
        'Known are session, task, approval',
      );
    },
  );
});

test('a quiet stream is kept alive by comments', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await using stream = await openStream(mesh, 'user:root');
  vi.advanceTimersByTime(15_000);
  await newSession();
  await stream.next();
  expect(stream.comments).toEqual(['still here']);
});

test('what another controller writes arrives as well', async () => {
  await using stream = await openStream(mesh, 'user:root');
  await mesh.sql(`insert into events (kind, actor, subject) values ('task.routed', 'elsewhere', 'task:1')`);
  expect(await stream.next()).toMatchObject({ actor: 'elsewhere' });
});
