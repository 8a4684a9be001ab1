import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { startWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const edit = (
  id: string,
  patch: Parameters<ReturnType<typeof mesh.as>['tasks']['edit']>[1],
  by = 'user:alice',
) => mesh.as(by).tasks.edit(id, patch);
const route = async (actor = 'user:alice') =>
  (await mesh.as(actor).tasks.route({ target: 'legal', description: 'x' })).id;
const eventsOf = (id: string) =>
  mesh.sql(`select actor, data from events where kind = 'task.edited' and subject = $1`, [`task:${id}`]);

test('priority and deadline change, with one event, and none if nothing changes', async () => {
  const id = await route();
  const deadline = '2099-01-01T00:00:00Z';
  expect(await edit(id, { priority: 9, deadline })).toMatchObject({ priority: 9, deadline });
  await edit(id, { priority: 9 });
  await edit(id, { deadline: '2099-01-01T01:00:00+01:00' });
  expect(await eventsOf(id)).toMatchObject([{ actor: 'user:alice', data: { priority: 9, type: 'request' } }]);
  expect(await edit(id, { deadline: null }, 'user:root')).toMatchObject({ priority: 9, deadline: null });
});

test('a task that is filed under another ends with it, and by its deadline', async () => {
  const [child, parent] = [await route(), await route()];
  await edit(parent, { deadline: '2099-01-01T00:00:00Z' });
  expect(await edit(child, { parent_id: parent })).toMatchObject({
    parent_id: parent,
    deadline: '2099-01-01T00:00:00Z',
  });
  await mesh.as('user:alice').tasks.cancel(parent, 'not needed');
  expect((await mesh.as('user:alice').tasks.get(child)).status).toBe('cancelled');
});

test('a circle is refused, with the way round', async () => {
  const [a, b, c] = [await route(), await route(), await route()];
  await edit(b, { parent_id: a });
  await edit(c, { parent_id: b });
  await expect(edit(a, { parent_id: c })).rejects.toThrow(
    `cannot be beneath itself: ${a} → ${c} → ${b} → ${a}.`,
  );
  expect(await refusalOf(edit(a, { parent_id: a }))).toBe('conflict');
  expect(await eventsOf(a)).toEqual([]);
});

test('two edits at once make no circle', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [a, b] = [await route(), await route()];
    const both = [edit(a, { parent_id: b }), edit(b, { parent_id: a })];
    const ends = (await Promise.allSettled(both)).map(({ status }) => status);
    expect(ends.sort()).toEqual(['fulfilled', 'rejected']);
  }
});

test('nor do two statements by hand', async () => {
  const [a, b] = [await route(), await route()];
  await mesh.sql('update tasks set parent_id = $2 where id = $1', [a, b]);
  const back = mesh.sql('update tasks set parent_id = $2 where id = $1', [b, a]);
  await expect(back).rejects.toThrow(/cannot be beneath itself/);
});

test('what cannot be is refused, each with its own problem', async () => {
  const id = await route();
  const work = await startWork(mesh);
  const question = String(
    (await work.tools.call('send_task', { role: 'legal', description: 'x' }))['task_id'],
  );
  const others = await route('user:bob');
  const ended = await route();
  await mesh.as('user:alice').tasks.cancel(ended, 'not needed');
  expect(await refusalOf(edit(id, { priority: 9 }, 'user:bob'))).toBe('not_found');
  expect(await refusalOf(edit(id, { priority: 9 }, 'agent:legal'))).toBe('forbidden');
  expect(await refusalOf(edit(id, { parent_id: others }))).toBe('not_found');
  expect(await refusalOf(edit(id, { parent_id: others }, 'user:root'))).toBe('conflict');
  expect(await refusalOf(edit(id, { parent_id: ended }))).toBe('task_closed');
  expect(await refusalOf(edit(ended, { priority: 9 }))).toBe('task_closed');
  expect(await refusalOf(edit(work.task.id, { priority: 9 }))).toBe('conflict');
  expect(await refusalOf(edit(question, { parent_id: id }))).toBe('conflict');
  expect(await refusalOf(edit(id, { deadline: '2020-01-01T00:00:00Z' }))).toBe('invalid_request');
  expect(await refusalOf(edit(id, { priority: 10 }))).toBe('invalid_request');
  expect(await eventsOf(id)).toEqual([]);
});
