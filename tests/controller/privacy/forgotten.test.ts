import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { isErased, sweepOnce } from '../support/erased.ts';
import { claimAgain, endTurn, startWork, takeWork, type Work } from '../support/work.ts';

/** Finance is told privileged facts by legal, which keeps nothing, and tells the manager, who is not cleared. */
let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const SECRET = 'Globex Partners signed it off under INV-77-12.';

async function notifyManager(finance: Work): Promise<string> {
  await finance.tools.call('notify', { role: 'manager', text: `Of ${finance.task.id}: ${SECRET}` });
  const [said] = await mesh.sql<{ text: string }>('select text from notifications where task_id = $1', [
    finance.task.id,
  ]);
  return said?.text ?? '';
}

async function consult(data: Record<string, string> = {}) {
  const finance = await startWork(mesh, { description: 'A matter.', data, privileged: true });
  const sent = await finance.tools.call('send_task', { role: 'legal', description: 'Your advice?' });
  const id = String(sent['task_id']);
  const legal = await takeWork(mesh, 'agent:legal', (task) => task.id === id);
  await endTurn(finance);
  return { finance, legal, id };
}

test('facts of an answer stay hidden for as long as somebody works who was told it', async () => {
  const { finance, legal, id } = await consult();
  await legal.tools.call('complete_task', { outcome: 'done', summary: SECRET });
  const claim = await claimAgain(finance);
  // Told, it asks again: its session lives on, and knows.
  const again = await finance.tools.call('send_task', { role: 'legal', description: 'And now?' });
  await endTurn({ ...finance, claim }, [id]);
  const other = await takeWork(mesh, 'agent:legal', (task) => task.id === again['task_id']);
  await other.tools.call('complete_task', { outcome: 'done', summary: 'Fine.' });
  await sweepOnce(mesh);
  await finance.tools.goOn(await claimAgain(finance));
  expect(await notifyManager(finance)).not.toContain('INV-77-12');
  await finance.tools.call('complete_task', { outcome: 'done', summary: 'Ended.' });
  await isErased(mesh, id);
});

test('so do those of a question that was asked back', async () => {
  const { finance, legal } = await consult();
  const asked = await legal.tools.call('send_task', { role: 'finance', description: SECRET });
  await finance.tools.goOn(await claimAgain(finance));
  await finance.tools.call('complete_task', { task_id: asked['task_id'], outcome: 'done', summary: 'Yes.' });
  await legal.tools.call('complete_task', { outcome: 'done', summary: 'Fine.' });
  await sweepOnce(mesh);
  expect(await notifyManager(finance)).not.toContain('INV-77-12');
  await finance.tools.call('complete_task', { outcome: 'done', summary: 'Ended.' });
  await isErased(mesh, String(asked['task_id']));
});

test('nor can the session be deleted that told them', async () => {
  const { finance, legal } = await consult();
  await legal.tools.call('complete_task', { outcome: 'done', summary: SECRET });
  const alice = mesh.as('user:alice');
  await expect(alice.sessions.delete(legal.sessionId)).rejects.toThrow('Others still work who know');
  await finance.tools.goOn(await claimAgain(finance));
  await finance.tools.call('complete_task', { outcome: 'done', summary: 'Ended.' });
  await alice.sessions.delete(legal.sessionId);
});

test('a way up that leads round is followed once', async () => {
  const { finance, legal } = await consult({ by: 'Globex' });
  await legal.agent.tasks.fail(legal.task.id, legal.claim.lease_id, { reason: 'No.', retryable: false });
  const alice = mesh.as('user:alice');
  const again = await alice.tasks.retry(legal.task.id);
  await alice.tasks.edit(finance.task.id, { parent_id: again.id });
  await finance.tools.goOn(await claimAgain(finance));
  expect(await notifyManager(finance)).toMatch(/\[privileged\] Partners/);
});

test('a retry that is filed elsewhere is still one', async () => {
  const { legal } = await consult({ by: 'Globex' });
  await legal.agent.tasks.fail(legal.task.id, legal.claim.lease_id, { reason: 'No.', retryable: false });
  const alice = mesh.as('user:alice');
  const again = await alice.tasks.retry(legal.task.id);
  const folder = await alice.tasks.route({ target: 'finance', description: 'All of these.' });
  await alice.tasks.edit(again.id, { parent_id: folder.id });
  const retried = await takeWork(mesh, 'agent:legal', ({ id }) => id === again.id);
  expect(await notifyManager(retried)).toMatch(/\[privileged\] Partners/);
});
