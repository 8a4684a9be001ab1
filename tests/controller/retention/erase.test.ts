import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Profile } from '../../../src/core/profile.ts';
import { readProfile, startTestController, type TestController } from '../../support/controller.ts';
import { findText } from '../../support/find-text.ts';
import { isErased, sweepOnce } from '../support/erased.ts';
import { claimAgain, endTurn, startReview, startWork, takeReview, takeWork } from '../support/work.ts';

/** Legal keeps nothing, the manager two days, finance everything. */
let mesh: TestController;
beforeAll(async () => {
  const manager = await readProfile('manager');
  const policies = { ...manager.policies, retention: { content_days: 2 } };
  mesh = await startTestController({
    profiles: [
      await readProfile('finance'),
      await readProfile('legal'),
      Profile.parse({ ...manager, policies }),
    ],
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

/** As if time had passed since a task ended. */
async function age(id: string, days: number): Promise<void> {
  await mesh.sql('alter table tasks disable trigger user');
  await mesh.sql(
    `update tasks set finished_at = finished_at - $2 * interval '1 day', kept_until = kept_until - $2 * interval '1 day'
     where id = $1`,
    [id, days],
  );
  await mesh.sql('alter table tasks enable trigger user');
}

const newMarker = () => `marker-${randomUUID()}`;
const find = (marker: string) => findText(mesh, marker);

describe('the content of a role that keeps nothing', () => {
  test('goes once the session that asked was told the answer, and not before', async () => {
    const marker = newMarker();
    const asking = await startWork(mesh);
    const { task_id } = await asking.tools.call('send_task', { role: 'legal', description: marker });
    await endTurn(asking);
    const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === task_id);
    await legal.tools.call('complete_task', { outcome: 'done', summary: `It is ${marker}.` });
    await sweepOnce(mesh);
    expect(await find(marker)).toEqual(['tasks.description', 'tasks.result']);

    const claim = await claimAgain(asking);
    expect(claim.answers[0]?.text).toBe(`It is ${marker}.`);
    await endTurn({ ...asking, claim }, [String(task_id)]);
    await isErased(mesh, String(task_id));
    expect(await find(marker)).toEqual([]);
    expect(await mesh.as('user:alice').tasks.get(String(task_id))).toMatchObject({
      status: 'completed',
      outcome: 'done',
      description: '',
      data: {},
      result: null,
      kept_until: null,
    });
    const later = await startWork(mesh);
    const status = await later.tools.call('fetch_status', { id: String(task_id) });
    expect(status).toMatchObject({ status: 'completed', note: 'what it said is not kept' });
  });

  test('goes if the session that asked has ended without being told', async () => {
    const asking = await startWork(mesh);
    const { task_id } = await asking.tools.call('send_task', { role: 'legal', description: 'Look.' });
    await takeWork(mesh, 'agent:legal', ({ id }) => id === task_id);
    await mesh.as('user:alice').tasks.cancel(String(task_id), 'called off');
    await sweepOnce(mesh);
    await mesh.as('user:alice').tasks.cancel(asking.task.id, 'called off');
    await isErased(mesh, String(task_id));
  });

  test('includes what it asked back of a role that keeps everything', async () => {
    const marker = newMarker();
    const asking = await startWork(mesh);
    const { task_id } = await asking.tools.call('send_task', { role: 'legal', description: 'Look.' });
    const legal = await takeWork(mesh, 'agent:legal', ({ id }) => id === task_id);
    await endTurn(asking);
    const question = await legal.tools.call('send_task', { role: 'finance', description: marker });
    await asking.tools.goOn(await claimAgain(asking));
    await asking.tools.call('complete_task', {
      task_id: question['task_id'],
      outcome: 'done',
      summary: marker,
    });
    expect(await find(marker)).toEqual(['tasks.description', 'tasks.result']);
    await legal.tools.call('complete_task', { outcome: 'done', summary: 'Fine.' });
    await isErased(mesh, String(question['task_id']));
    expect(await find(marker)).toEqual([]);
  });

  test('also if its session is deleted before that is due', async () => {
    const marker = newMarker();
    const asking = await startWork(mesh);
    const { task_id } = await asking.tools.call('send_task', { role: 'manager', description: 'Look.' });
    const manager = await takeWork(mesh, 'agent:manager', ({ id }) => id === task_id);
    await manager.tools.call('send_task', { role: 'finance', description: marker });
    await manager.tools.call('complete_task', { outcome: 'done', summary: 'Fine.' });
    await mesh.as('user:alice').sessions.delete(manager.sessionId);
    expect(await find(marker)).toEqual([]);
  });

  test('but the result for a person stays for a day', async () => {
    const marker = newMarker();
    const { task, tools } = await startWork(mesh, {
      target: 'legal',
      description: marker,
      data: { at: marker },
    });
    await tools.call('complete_task', { outcome: 'done', summary: `It is ${marker}.` });
    await isErased(mesh, task.id);
    expect(await find(marker)).toEqual(['tasks.result']);
    const kept = await mesh.as('user:alice').tasks.get(task.id);
    expect(kept.result?.text).toBe(`It is ${marker}.`);
    expect(Date.parse(kept.kept_until ?? '') - Date.parse(kept.finished_at ?? '')).toBe(86_400_000);

    await age(task.id, 1);
    await sweepOnce(mesh);
    expect(await find(marker)).toEqual([]);
    expect((await mesh.as('user:alice').tasks.get(task.id)).result).toBeNull();
  });

  test('is neither in the log nor in histories, whoever said it', async () => {
    const marker = newMarker();
    const { agent, sessionId, task, tools, claim } = await startWork(mesh, {
      target: 'legal',
      description: marker,
    });
    await agent.sessions.report(sessionId, [
      { kind: 'said', id: randomUUID(), text: marker },
      {
        kind: 'tool_called',
        id: randomUUID(),
        call_id: 'c',
        tool: 'notify',
        arguments: { [marker]: marker },
      },
      { kind: 'interrupted', id: randomUUID(), reason: marker },
    ]);
    await tools.refuse('send_task', { role: marker, description: marker });
    await tools.refuse('notify', { role: marker, text: marker });
    await mesh.as('user:alice').sessions.send(sessionId, 'pause', marker);
    await mesh.as('user:alice').sessions.send(sessionId, 'resume', marker);
    await agent.tasks.fail(task.id, claim.lease_id, { reason: marker, retryable: true });
    await mesh.as('user:alice').tasks.cancel(task.id, marker);
    await isErased(mesh, task.id);
    expect(await find(marker)).toEqual(['tasks.failure']);
    const said = await mesh.sql(`select data from events where kind = 'session.said' and subject = $1`, [
      `session:${sessionId}`,
    ]);
    expect(said).toMatchObject([{ data: { characters: marker.length } }]);
  });

  test('includes what it asked to be approved and the comments on that, but not who decided what', async () => {
    const marker = newMarker();
    const work = await startWork(mesh, { target: 'legal', amount: 20_000 });
    const asked = await work.tools.call('request_approval', { reason: marker });
    await endTurn(work);
    const id = String(asked['approval_id']);
    const review = await takeReview(mesh, 'agent:manager', id);
    await review.tools.call('decide_approval', { approval_id: id, decision: 'approve', comment: marker });
    const claim = await claimAgain(work);
    await endTurn({ ...work, claim }, [id]);
    await isErased(mesh, id, 'approval');
    const approval = await mesh.as('user:alice').approvals.get(id);
    expect(approval).toMatchObject({
      reason: '',
      status: 'approved',
      decisions: [{ actor: 'agent:manager', decision: 'approve', comment: '' }],
    });
    expect(approval.receipt).not.toBeNull();
    // What the manager was told is the manager's.
    expect(await find(marker)).toEqual(['tasks.description', 'tasks.result']);
  });

  test('includes its notifications, which can be read for a day', async () => {
    const marker = newMarker();
    const { task, tools } = await startWork(mesh, { target: 'legal' });
    await tools.call('notify', { role: 'manager', text: marker });
    await tools.call('complete_task', { outcome: 'done', summary: 'Told.' });
    await isErased(mesh, task.id);
    const manager = await startWork(mesh, { target: 'manager' });
    const inbox = async () => JSON.stringify(await manager.tools.call('list_inbox', {}));
    expect(await inbox()).toContain(marker);
    await age(task.id, 1);
    await sweepOnce(mesh);
    expect(await find(marker)).toEqual([]);
    expect(await inbox()).not.toContain(marker);
  });

  test('includes what people keep with its sessions, and nothing is kept with them any more', async () => {
    const marker = newMarker();
    const alice = mesh.as('user:alice');
    const { id } = await alice.sessions.create({ role: 'legal', metadata: { note: marker } });
    await alice.sessions.send(id, 'activate', marker);
    await alice.sessions.send(id, 'complete');
    await isErased(mesh, id, 'session');
    expect(await find(marker)).toEqual([]);
    expect((await alice.sessions.get(id)).erased_at).not.toBeNull();
    const patch = mesh.fetch('user:alice', `/sessions/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ metadata: { note: marker } }),
    });
    expect((await patch).status).toBe(409);
  });
});

test('the same of a role that keeps its content is found wherever it was put', async () => {
  const marker = newMarker();
  const { work, review, approvalId } = await startReview(mesh, {
    description: marker,
    data: { at: marker },
  });
  await review.tools.call('decide_approval', {
    approval_id: approvalId,
    decision: 'approve',
    comment: marker,
  });
  const claim = await claimAgain(work);
  await work.agent.sessions.report(work.sessionId, [{ kind: 'said', id: randomUUID(), text: marker }]);
  await work.tools.call('notify', { role: 'manager', text: marker });
  await work.tools.call('complete_task', { outcome: 'approved', summary: marker });
  await endTurn({ ...work, claim }, [approvalId]);
  await sweepOnce(mesh);
  expect(await find(marker)).toEqual([
    'approval_decisions.comment',
    'events.data',
    'notifications.text',
    'tasks.data',
    'tasks.description',
    'tasks.result',
  ]);
});

test('the content of a role that keeps it for some days goes after these', async () => {
  const marker = newMarker();
  const { task, tools, sessionId } = await startWork(mesh, { target: 'manager', description: marker });
  await tools.call('complete_task', { outcome: 'done', summary: marker });
  await age(task.id, 1.9);
  await sweepOnce(mesh);
  expect((await mesh.as('user:alice').tasks.get(task.id)).erased_at).toBeNull();
  await age(task.id, 0.2);
  await sweepOnce(mesh);
  await isErased(mesh, task.id);
  await sweepOnce(mesh);
  expect(await find(marker)).toEqual([]);
  expect((await mesh.as('user:alice').sessions.get(sessionId)).erased_at).toBeNull();
});

test('a task that is not over keeps its content', async () => {
  const marker = newMarker();
  const { task } = await startWork(mesh, { target: 'legal', description: marker });
  await sweepOnce(mesh);
  expect((await mesh.as('user:alice').tasks.get(task.id)).description).toBe(marker);
});
