import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../../../src/core/org.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { startWork } from '../support/work.ts';

/** Alice reports to bob, bob to carl, and carl's roles are played by no agent. */
let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController({
    people: [
      { name: 'alice', reports_to: 'bob' },
      { name: 'bob', roles: ['board', 'manager', 'finance'], reports_to: 'carl', owns: ['Travel Budget'] },
      { name: 'carl', roles: ['board'], owns: ['the house'] },
      { name: 'dora', roles: ['legal'], owns: ['contracts'] },
    ].map((person) => Person.parse(person)),
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

test.each([
  ['my manager', 'manager', 'bob'],
  ['My  Manager', 'manager', 'bob'],
  ['owner of travel budget', 'manager', 'bob'],
  ['Owner of Contracts', 'legal', 'dora'],
])('a person who addresses %j reaches %s, and the log says through whom', async (target, role, person) => {
  const task = await mesh.as('user:alice').tasks.route({ target, description: 'May I?' });
  expect(task.target).toBe(role);
  const [event] = await mesh.sql(`select data from events where kind = 'task.routed' and subject = $1`, [
    `task:${task.id}`,
  ]);
  expect(event).toMatchObject({
    data: { target: role, person, addressed_as: target.toLowerCase().replace('  ', ' ') },
  });
});

test('an agent reaches the manager of the one for whom it works', async () => {
  const { tools } = await startWork(mesh);
  const sent = await tools.call('send_task', { role: 'my manager', description: 'May she?' });
  expect(sent).toMatchObject({ to: 'manager' });
  expect(await tools.call('notify', { role: 'my manager', text: 'She asked.' })).toMatchObject({
    to: 'manager',
  });
  expect(await mesh.sql(`select target from notifications where text = 'She asked.'`)).toEqual([
    { target: 'manager' },
  ]);
});

test('the targets of a profile count for whom the words mean', async () => {
  const { tools } = await startWork(mesh, { target: 'manager' });
  expect(await tools.refuse('send_task', { role: 'my manager', description: 'May she?' })).toBe(
    'The role manager may not address manager. It may address finance, legal.',
  );
});

test.each([
  ['user:bob', 'my manager', '"my manager" is carl, who has the roles board; no agent of this mesh stands'],
  ['user:root', 'my manager', 'The org chart names no manager of root'],
  ['user:alice', 'owner of the moon', 'The org chart names no owner of "the moon".'],
  ['user:alice', 'owner of the house', '"owner of the house" is carl'],
])('%s cannot reach %j: %s', async (actor, target, detail) => {
  const body = JSON.stringify({ target, description: 'May I?' });
  const response = await mesh.fetch(actor, '/tasks/route', { method: 'POST', body });
  expect((await problemOf(response, 'unknown_role')).detail).toContain(detail);
  const refused = `select 1 from events where kind = 'task.refused' and actor = $1 and subject = $2`;
  expect(await mesh.sql(refused, [actor, `role:${target}`])).toHaveLength(1);
});

test('without an org chart the words mean nobody', async () => {
  await using bare = await startTestController();
  const routing = bare.as('user:alice').tasks.route({ target: 'my manager', description: 'May I?' });
  await expect(routing).rejects.toMatchObject({
    code: 'unknown_role',
    message: expect.stringContaining('this mesh has no org chart') as unknown,
  });
});
