import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Task } from '../../../src/core/task.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { startWork, takeWork } from '../support/work.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

test('an agent may send only to the targets of its profile', async () => {
  const { tools, task } = await startWork(mesh);
  const sent = await tools.call('send_task', { role: 'legal', description: 'Is that allowed?' });
  expect(sent).toMatchObject({ to: 'legal', status: 'pending' });
  expect(await tools.refuse('send_task', { role: 'finance', description: 'Do it yourself.' })).toBe(
    'The role finance may not address finance. It may address manager, legal.',
  );
  const [event] = await mesh.sql(
    `select * from events where kind = 'task.refused' and actor = 'agent:finance' and trace_id = $1`,
    [task.trace_id],
  );
  expect(event).toMatchObject({
    subject: 'role:finance',
    owner: 'user:alice',
    data: { code: 'forbidden' },
  });
});

test('an agent sends on behalf of whom it works for, in the same trace', async () => {
  const { tools, task, sessionId } = await startWork(mesh);
  const sent = await tools.call('send_task', { role: 'legal', description: 'May we buy these?' });
  const child: Task = await mesh.as('user:alice').tasks.get(String(sent['task_id']));
  expect(child).toMatchObject({
    source: 'agent:finance',
    source_session_id: sessionId,
    owner: 'user:alice',
    parent_id: task.id,
    trace_id: task.trace_id,
  });
});

test('an agent that repeats itself gets the task that is open already, also if it says it twice at once', async () => {
  const { tools } = await startWork(mesh);
  const ask = () => tools.call('send_task', { role: 'legal', description: 'May we?' });
  const sent = await Promise.all([ask(), ask(), ask()]);
  expect(new Set(sent.map((task) => task['task_id'])).size).toBe(1);
});

test('an agent whose session has ended can ask nothing more', async () => {
  const { tools } = await startWork(mesh);
  await tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
  expect(await tools.refuse('send_task', { role: 'legal', description: 'Was that right?' })).toMatch(
    /is completed and can ask nothing more/,
  );
});

test('an agent whose profile names no target may address nobody', async () => {
  const legal = await readProfile('legal');
  const alone = { ...legal, policies: { ...legal.policies, targets: [] } };
  await using strict = await startTestController({ profiles: [await readProfile('finance'), alone] });
  const { tools } = await startWork(strict, { target: 'legal' });
  expect(await tools.refuse('send_task', { role: 'finance', description: 'x' })).toContain(
    'It may address no role.',
  );
  expect(await tools.refuse('notify', { role: 'finance', text: 'x' })).toContain('It may address no role.');
});

test('an agent may not route by HTTP to whom its tools may not send', async () => {
  const routing = mesh.as('agent:legal').tasks.route({ target: 'legal', description: 'x' });
  expect(await refusalOf(routing)).toBe('forbidden');
});

test('an agent without a tool cannot do by HTTP what the tool would do', async () => {
  const legal = await readProfile('legal');
  const mute = { ...legal, policies: { ...legal.policies, tools: [], targets: [{ role: 'finance' }] } };
  await using strict = await startTestController({ profiles: [await readProfile('finance'), mute] });
  const agent = strict.as('agent:legal');
  const routing = agent.tasks.route({ target: 'finance', description: 'x' });
  await expect(routing).rejects.toThrow('does not have the tool send_task');
});

test('work that agents hand to each other for ever is stopped, with the way that it has taken', async () => {
  let work = await startWork(mesh, { target: 'finance', type: 'question' });
  for (const role of ['legal', 'manager', 'finance', 'legal', 'manager', 'finance', 'legal', 'manager']) {
    const { task_id: id } = await work.tools.call('send_task', { role, description: 'And what do you say?' });
    work = await takeWork(mesh, `agent:${role}`, (task) => task.id === id);
  }
  expect(await work.tools.refuse('send_task', { role: 'finance', description: 'And you?' })).toMatch(
    /handed on 8 times already: finance → legal → manager → finance/,
  );
});
