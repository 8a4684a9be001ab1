import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { holdingOf } from '../support/tools.ts';
import { startWork, type Work } from '../support/work.ts';

/** Finance may ask legal anything, the manager only questions; the manager takes questions and reports alone. */
let mesh: TestController;
let work: Work;
beforeAll(async () => {
  const [finance, manager, legal] = await Promise.all([
    readProfile('finance'),
    readProfile('manager'),
    readProfile('legal'),
  ]);
  const targets = [{ role: 'legal' }, { role: 'manager', types: ['question', 'gossip'] }];
  mesh = await startTestController({
    profiles: [
      { ...finance, policies: { ...finance.policies, targets } },
      { ...manager, policies: { ...manager.policies, accepts: ['question', 'report'] } },
      legal,
    ],
  });
  work = await startWork(mesh);
});
afterAll(() => mesh[Symbol.asyncDispose]());

test.each([
  ['legal', 'anything-at-all'],
  ['manager', 'question'],
])('what its profile names, an agent may send: to %s a %s', async (role, type) => {
  expect(await work.tools.call('send_task', { role, type, description: 'Well?' })).toMatchObject({
    to: role,
  });
});

test.each([
  ['manager', 'report', 'Allowed: question.'],
  ['manager', 'gossip', 'Allowed: question.'],
  ['manager', 'approval-review', 'Ask with request_approval.'],
])(
  'what it does not name, or the other does not accept, is refused: to %s a %s',
  async (role, type, hint) => {
    expect(await work.tools.refuse('send_task', { role, type, description: 'Well?' })).toContain(hint);
    const response = await mesh.fetch('agent:finance', '/tasks/route', {
      method: 'POST',
      body: JSON.stringify({ target: role, type, description: 'Well?' }),
      ...holdingOf(work.claim),
    });
    expect(await problemOf(response, 'forbidden')).toMatchObject({ hint });
    const refusals = await mesh.sql(
      `select 1 from events where kind = 'task.refused' and subject = $1 and data->>'reason' like $2`,
      [`role:${role}`, `%${type}%`],
    );
    expect(refusals).toHaveLength(2);
  },
);

test('people may send every type, but none that the role does not accept', async () => {
  const alice = mesh.as('user:alice');
  const task = { target: 'manager', description: 'Here it is.' };
  expect(await alice.tasks.route({ ...task, type: 'report' })).toMatchObject({ target: 'manager' });
  await expect(alice.tasks.route(task)).rejects.toThrow(
    'user:alice may not send manager a task of type request.',
  );
});

test('a refusal at another role names the types that may be sent to each', async () => {
  expect(await work.tools.refuse('send_task', { role: 'finance', description: 'x' })).toContain(
    'It may address legal, manager (question, gossip).',
  );
});

test('the tool list_agents tells which types may be sent', async () => {
  expect(await work.tools.call('list_agents', {})).toMatchObject({
    roles: [
      { role: 'manager', types: ['question'] },
      { role: 'legal', types: 'any' },
    ],
  });
});
