import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { openTools } from '../support/tools.ts';
import { startReview, startWork, type Work } from '../support/work.ts';

let mesh: TestController;
let work: Work;
beforeAll(async () => {
  mesh = await startTestController();
  work = await startWork(mesh);
});
afterAll(() => mesh[Symbol.asyncDispose]());

describe('arguments that do not fit are refused in words that a model understands', () => {
  test.each([
    ['send_task', {}, 'role'],
    ['send_task', { role: 'legal' }, 'description'],
    ['send_task', { role: 'legal', description: '' }, 'description'],
    ['send_task', { role: 'legal', description: 'x', amount: '125000' }, 'expected number'],
    ['send_task', { role: 'legal', description: 'x', amount: -5 }, '>=0'],
    ['send_task', { role: 'legal', description: 'x', amount: 0.001 }, 'two decimal places'],
    [
      'send_task',
      { role: 'legal', description: 'x', type: 'Budget Request' },
      'lower-case words joined by hyphens',
    ],
    ['send_task', { role: 'lega', description: 'x' }, 'Did you mean legal?'],
    ['notify', { role: 'legal' }, 'text'],
    ['notify', { role: 'finance', text: 'Hello me.' }, 'It may address manager, legal.'],
    ['request_approval', { reason: '' }, 'reason'],
    ['request_approval', { reason: 'Please.' }, 'needs no approval'],
    ['complete_task', { outcome: 'granted', summary: 'x' }, 'outcome'],
    ['decide_approval', { approval_id: 'seven', decision: 'approve', comment: 'x' }, 'approval_id'],
    ['decide_approval', { approval_id: randomUUID(), decision: 'approve', comment: '' }, 'comment'],
    [
      'decide_approval',
      { approval_id: randomUUID(), decision: 'approve', comment: 'x' },
      'There is no approval',
    ],
    ['fetch_status', { id: randomUUID() }, 'There is no task or approval'],
    ['list_inbox', { limit: 0 }, 'limit'],
  ])('%s %j', async (name, args, words) => {
    expect(await work.tools.refuse(name, args)).toContain(words);
  });
});

describe('a call that is repeated under its id does nothing twice', () => {
  test('send_task', async () => {
    const args = { role: 'legal', description: 'Is this once?' };
    const first = await work.tools.call('send_task', args, 'send-1');
    expect(await work.tools.call('send_task', args, 'send-1')).toEqual(first);
  });

  test('notify', async () => {
    const notify = () => work.tools.call('notify', { role: 'legal', text: 'Once.' }, 'notify-1');
    await Promise.all([notify(), notify(), notify()]);
    expect(await mesh.sql(`select 1 from notifications where text = 'Once.'`)).toHaveLength(1);
  });

  test('though the same id in another conversation is another call', async () => {
    const other = await startWork(mesh);
    const args = { role: 'legal', description: 'Which one?' };
    const first = await work.tools.call('send_task', args, 'both');
    expect((await other.tools.call('send_task', args, 'both'))['task_id']).not.toBe(first['task_id']);
  });

  test('but the same id for another task is refused', async () => {
    await work.tools.call('send_task', { role: 'legal', description: 'One.' }, 'twice');
    await expect(
      work.tools.call('send_task', { role: 'legal', description: 'Two.' }, 'twice'),
    ).rejects.toThrow(/The key was used for another request/);
  });
});

describe('what the tools show', () => {
  test('list_agents: the roles that may be addressed, and who is there', async () => {
    await mesh.as('agent:legal').agents.register('legal', { instance: randomUUID(), status: 'ready' });
    const { roles } = await work.tools.call('list_agents', {});
    expect(roles).toMatchObject([
      { role: 'manager', present: false },
      { role: 'legal', present: true },
    ]);
  });

  test('list_inbox: the open tasks of the own role, shortened, and what it was told', async () => {
    const long = await startWork(mesh, { target: 'legal', description: 'x'.repeat(1000) });
    await work.tools.call('notify', { role: 'legal', text: 'Mind the gap.' });
    const inbox = (await long.tools.call('list_inbox', {})) as {
      tasks: { task_id: string; description: string }[];
      notifications: object[];
    };
    expect(inbox.tasks.find(({ task_id }) => task_id === long.task.id)?.description).toHaveLength(300);
    expect(inbox.notifications[0]).toMatchObject({ from: 'agent:finance', text: 'Mind the gap.' });
    expect(await long.tools.call('list_inbox', { limit: 1 })).toMatchObject({ tasks: [{}] });
  });

  test('fetch_status: only of what one sent, received or may decide', async () => {
    const { work: own, review, approvalId } = await startReview(mesh);
    const outsider = await startWork(mesh, { target: 'legal' });
    expect(await own.tools.call('fetch_status', { id: own.task.id })).toMatchObject({ status: 'active' });
    expect(await review.tools.call('fetch_status', { id: approvalId })).toMatchObject({ status: 'pending' });
    expect(await review.tools.refuse('fetch_status', { id: own.task.id })).toContain(
      'There is no task or approval',
    );
    expect(await outsider.tools.refuse('fetch_status', { id: approvalId })).toContain(
      'There is no task or approval',
    );
  });
});

test('what one has completed may be completed again in the same way, and in no other', async () => {
  const { tools } = await startWork(mesh);
  const done = await tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
  expect(await tools.call('complete_task', { outcome: 'done', summary: 'Bought, I said.' })).toEqual(done);
  expect(await tools.refuse('complete_task', { outcome: 'declined', summary: 'No.' })).toMatch(
    /already completed/,
  );
});

test('the tools of one session work for no other', async () => {
  const mine = await startWork(mesh);
  const other = await startWork(mesh);
  const tools = await openTools(mesh, 'agent:finance', mine.claim);
  await tools.call('complete_task', { outcome: 'done', summary: 'Mine.' });
  expect((await mesh.as('user:alice').tasks.get(other.task.id)).status).toBe('active');
});
