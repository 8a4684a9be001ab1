import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { openStream } from '../support/stream.ts';
import { startReview } from '../support/work.ts';

/** Alice has asked finance for money, and the manager is to decide; carol has nothing to do with it. */
let mesh: TestController;
let story: Awaited<ReturnType<typeof startReview>>;
beforeAll(async () => {
  mesh = await startTestController({ moreClients: [{ kind: 'user', name: 'carol', roles: [] }] });
  story = await startReview(mesh);
});
afterAll(() => mesh[Symbol.asyncDispose]());

const pathsOf = () => ({
  session: `/sessions/${story.work.sessionId}`,
  history: `/sessions/${story.work.sessionId}/transitions`,
  task: `/tasks/${story.work.task.id}`,
  approval: `/approvals/${story.approvalId}`,
});

describe.each(['session', 'history', 'task', 'approval'] as const)('the %s', (noun) => {
  test.each(['user:alice', 'user:root', 'agent:finance'])('is seen by %s', async (actor) => {
    expect((await mesh.fetch(actor, pathsOf()[noun])).status).toBe(200);
  });

  test.each(['user:carol', 'agent:legal'])('is for %s as if it were not there', async (actor) => {
    await problemOf(await mesh.fetch(actor, pathsOf()[noun]), 'not_found');
  });
});

test('who may decide an approval sees it, though not the task behind it', async () => {
  for (const actor of ['user:bob', 'agent:manager']) {
    expect((await mesh.fetch(actor, pathsOf().approval)).status).toBe(200);
    await problemOf(await mesh.fetch(actor, pathsOf().task), 'not_found');
  }
});

test.each([
  {
    what: 'end a session',
    method: 'PUT',
    path: () => `${pathsOf().session}/events`,
    body: { event: 'fail' },
  },
  { what: 'delete a session', method: 'DELETE', path: () => pathsOf().session, body: undefined },
  { what: 'cancel a task', method: 'POST', path: () => `${pathsOf().task}/cancel`, body: { reason: 'no' } },
  {
    what: 'decide',
    method: 'POST',
    path: () => `${pathsOf().approval}/decisions`,
    body: { decision: 'approve', comment: 'yes' },
  },
])('a stranger cannot $what, nor learn that there is something', async ({ method, path, body }) => {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  await problemOf(await mesh.fetch('user:carol', path(), init), 'not_found');
});

describe('lists', () => {
  const counts = async (actor: string) => {
    const client = mesh.as(actor);
    const [sessions, tasks, approvals] = await Promise.all([
      client.sessions.list(),
      client.tasks.list(),
      client.approvals.list(),
    ]);
    return [sessions, tasks, approvals].map(({ items }) => items.length);
  };

  test.each([
    ['user:root', [2, 2, 1]],
    ['user:alice', [2, 2, 1]],
    ['user:carol', [0, 0, 0]],
    ['user:bob', [0, 0, 1]],
    ['agent:finance', [1, 2, 1]],
    ['agent:manager', [1, 1, 1]],
    ['agent:legal', [0, 0, 0]],
  ])('show %s its sessions, tasks and approvals alone: %j', async (actor, expected) => {
    expect(await counts(actor)).toEqual(expected);
  });
});

test('the event stream shows people what happened on their behalf', async () => {
  const { seq } = (await mesh.sql<{ seq: string }>('select max(seq) as seq from events'))[0] ?? { seq: '0' };
  const own = await mesh.as('user:carol').sessions.create({ role: 'legal' });
  await using carols = await openStream(mesh, 'user:carol', { after: 0 });
  await using alices = await openStream(mesh, 'user:alice', { after: 0 });
  expect((await carols.take(1)).map(({ subject }) => subject)).toEqual([`session:${own.id}`]);
  const seen = await alices.takeUntil((event) => event.seq === Number(seq));
  expect(new Set(seen.map(({ owner }) => owner))).toEqual(new Set(['user:alice']));
});

test('an agent cannot work on what another agent holds', async () => {
  const { work } = story;
  const stranger = mesh.as('agent:legal');
  const { id } = work.task;
  const lease = work.claim.lease_id;
  expect(await refusalOf(stranger.tasks.heartbeat(id, lease))).toBe('lease_lost');
  expect(await refusalOf(stranger.tasks.complete(id, lease, { text: 'done' }))).toBe('lease_lost');
  expect(await refusalOf(stranger.tasks.fail(id, lease, { reason: 'no', retryable: false }))).toBe(
    'lease_lost',
  );
  expect(await refusalOf(stranger.tasks.reportTurn(id, { lease_id: lease, text: '', told: [] }))).toBe(
    'lease_lost',
  );
  expect(await refusalOf(stranger.sessions.setConversation(work.sessionId, 'mine'))).toBe('not_found');
  const said = { kind: 'said', id: crypto.randomUUID(), text: 'hello' } as const;
  expect(await refusalOf(stranger.sessions.report(work.sessionId, [said]))).toBe('not_found');
});
