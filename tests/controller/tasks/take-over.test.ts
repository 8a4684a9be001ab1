import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { startController } from '../../../src/controller/start.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { expectRebuilt } from '../../support/rebuild.ts';
import { listReleases } from '../support/lease.ts';
import { problemOf, refusalOf } from '../support/problem.ts';
import { holdingOf, openTools } from '../support/tools.ts';
import { claimAgain, claimOne, endTurn, startWork, takeWork, type Work } from '../support/work.ts';

let mesh: TestController;
afterEach(() => mesh[Symbol.asyncDispose]());

const LONG_MS = 60_000;

/** Two agents of finance are there. */
async function start(options: Parameters<typeof startTestController>[0] = {}): Promise<void> {
  mesh = await startTestController(options);
  await register('finance');
  await register('finance-2');
}

const register = (name: string) =>
  mesh.as(`agent:${name}`).agents.register(name, { instance: randomUUID(), status: 'ready' });

/** Finance has asked legal and waits; legal answers. */
async function ask(question = 'May we?') {
  const work = await startWork(mesh);
  await work.holder.sessions.setConversation(work.sessionId, '20260101_1');
  await work.tools.call('send_task', { role: 'legal', description: question });
  await endTurn(work);
  const legal = await takeWork(mesh, 'agent:legal');
  const answer = () => legal.tools.call('complete_task', { outcome: 'done', summary: 'You may.' });
  return { work, legal, answer, questionId: legal.task.id };
}

const second = (waitMs: number) => mesh.as('agent:finance-2').tasks.claim(randomUUID(), waitMs);
const retire = (name: string) => mesh.as('user:root').agents.retire(name);
const eventsOf = (kind: string) =>
  mesh.sql<{ actor: string; subject: string; data: unknown }>(
    'select actor, subject, data from events where kind = $1',
    [kind],
  );

describe('a session whose agent is gone', () => {
  test('goes to another agent of the role, which is woken when the time is over', async () => {
    await start({ agent_gone_seconds: 1 });
    const { work, answer, questionId } = await ask();
    const waiting = second(LONG_MS);
    await answer();
    const claim = await waiting;
    expect(claim).toMatchObject({
      task: { id: work.task.id, agent: 'finance-2', attempts: 1 },
      session: { id: work.sessionId, agent: 'finance-2', conversation: null, earlier_agents: ['finance'] },
      answers: [{ id: questionId, text: 'You may.' }],
      exchange: {
        begun_by: ['finance'],
        entries: [{ kind: 'task', id: questionId, to: 'legal', text: 'May we?', answer: 'You may.' }],
      },
    });
    expect(await eventsOf('session.moved')).toMatchObject([
      {
        actor: 'controller',
        subject: `session:${work.sessionId}`,
        data: { from: 'finance', to: 'finance-2', reason: 'not seen for 1 seconds', task_id: work.task.id },
      },
    ]);
    // Whoever polls for longer than agents may be unseen is thought to be gone, too, until its next sign of life.
    expect((await eventsOf('agent.gone')).map(({ subject }) => subject)).toContain('agent:finance');
  });

  test('is ended by the other one, and its old agent can do nothing with it when it comes back', async () => {
    await start();
    const { work, answer } = await ask();
    await answer();
    await retire('finance');
    const claim = (await second(LONG_MS)) ?? expect.unreachable();
    expect(await mesh.as('agent:finance').tasks.claim(randomUUID(), 0)).toBeUndefined();
    expect(await refusalOf(work.holder.sessions.setConversation(work.sessionId, 'mine'))).toBe('not_found');
    expect(await refusalOf(work.agent.sessions.get(work.sessionId))).toBe('not_found');
    expect(await work.tools.refuse('send_task', { role: 'legal', description: 'Late?' })).toContain(
      'is not leased to agent:finance',
    );
    const tools = await openTools(mesh, 'agent:finance-2', claim);
    await tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
    expect((await mesh.as('user:alice').tasks.get(work.task.id)).status).toBe('completed');
    await expectRebuilt((text) => mesh.sql(text));
    const agents = await mesh.as('user:root').agents.list();
    expect(agents.map(({ name, status }) => `${name} ${status}`)).toContain('finance ready');
  });

  test('tells its new agent all that was asked, answered, decided and told before', async () => {
    await start();
    const work = await startWork(mesh, { amount: 125_000 });
    await work.tools.call('notify', { role: 'legal', text: 'We buy chairs.' });
    const sent = await work.tools.call('send_task', { role: 'manager', description: 'May we?' });
    const manager = await takeWork(mesh, 'agent:manager');
    await manager.tools.call('complete_task', { outcome: 'done', summary: 'You may.' });
    expect(await endTurn(work)).toMatchObject({ next: 'answers' });
    const asked = await work.tools.call('request_approval', { reason: 'We stand.' });
    expect(await endTurn(work, [String(sent['task_id'])])).toMatchObject({ next: 'wait' });
    await retire('finance');
    await mesh.as('user:bob').approvals.decide(String(asked['approval_id']), {
      decision: 'approve',
      comment: 'Sit down.',
    });
    const claim = (await second(LONG_MS)) ?? expect.unreachable();
    expect(claim.answers).toMatchObject([{ kind: 'approval', status: 'approved' }]);
    expect(claim.exchange?.entries).toMatchObject([
      { kind: 'notification', to: 'legal', text: 'We buy chairs.', answer: null },
      { kind: 'task', text: 'May we?', status: 'completed', answer: 'You may.' },
      { kind: 'approval', text: 'We stand.', status: 'approved', answer: 'manager (approve): Sit down.' },
    ]);
    const tools = await openTools(mesh, 'agent:finance-2', claim);
    // What was done is not done twice.
    expect(await tools.call('request_approval', { reason: 'We stand.' })).toMatchObject({
      approval_id: asked['approval_id'],
    });
    expect(await tools.call('fetch_status', { id: sent['task_id'] })).toMatchObject({ status: 'completed' });
    await tools.call('complete_task', { outcome: 'approved', summary: 'Bought.' });
  });

  test('tells its new agent of the questions that it was asked back, and has not answered', async () => {
    await start();
    const { work, legal } = await ask();
    const asked = await legal.tools.call('send_task', { role: 'finance', description: 'Which chairs?' });
    const question = String(asked['task_id']);
    await endTurn(legal);
    const told = await claimAgain(work);
    // It asks something itself before it answers, so the turn leaves the question open.
    await work.tools.call('send_task', { role: 'manager', description: 'Which chairs do we buy?' });
    expect(await endTurn({ agent: work.agent, claim: told }, [question])).toMatchObject({ next: 'wait' });
    await retire('finance');
    const manager = await takeWork(mesh, 'agent:manager');
    await manager.tools.call('complete_task', { outcome: 'done', summary: 'The red ones.' });
    const claim = (await second(LONG_MS)) ?? expect.unreachable();
    expect(claim.answers).toMatchObject([
      { kind: 'question', id: question, text: 'Which chairs?' },
      { kind: 'task', text: 'The red ones.' },
    ]);
    await endTurn(
      { agent: mesh.as('agent:finance-2'), claim },
      claim.answers.map(({ id }) => id),
    );
    expect((await mesh.as('user:alice').tasks.get(question)).status).toBe('completed');
  });

  test('tells it again until a turn has ended, whatever crashes before', async () => {
    await start();
    const { answer } = await ask();
    await answer();
    await retire('finance');
    const first = (await second(LONG_MS)) ?? expect.unreachable();
    await mesh
      .as('agent:finance-2', holdingOf(first))
      .sessions.setConversation(first.session.id, '20260101_7');
    await register('finance-2');
    const again = (await second(LONG_MS)) ?? expect.unreachable();
    expect(again.session).toMatchObject({ id: first.session.id, conversation: '20260101_7' });
    expect(again.exchange).toEqual(first.exchange);
    const agent = mesh.as('agent:finance-2');
    expect(await endTurn({ agent, claim: again })).toMatchObject({ next: 'answers' });
    await register('finance-2');
    expect((await second(LONG_MS))?.exchange).toBeNull();
  });

  test('waits for nobody if its agent is not part of the mesh any more', async () => {
    await start();
    const { work, answer } = await ask();
    await answer();
    expect(await second(0)).toBeUndefined();
    const clients = mesh.config.clients.filter(({ name }) => name !== 'finance');
    const smaller = await startController({ ...mesh.config, clients }, pino({ level: 'silent' }));
    const claim = await second(LONG_MS);
    expect(claim?.session).toMatchObject({ id: work.sessionId, agent: 'finance-2' });
    await smaller.close();
  });
});

describe('an agent', () => {
  test('that is waited for keeps its sessions', async () => {
    await start();
    const { work, answer } = await ask();
    await answer();
    await mesh.sql(`update agents set last_seen_at = now() - interval '10 hours'`);
    // Nobody could see it before this controller began to serve.
    await mesh.as('agent:legal').agents.register('legal', { instance: randomUUID(), status: 'ready' });
    expect(await second(0)).toBeUndefined();
    expect((await claimOne(work.agent)).session.id).toBe(work.sessionId);
  });

  test.each(['a claim', 'a heartbeat'])(
    'is seen by %s, also when it was thought to be gone',
    async (sign) => {
      await start();
      const work = await startWork(mesh);
      await mesh.sql(`update agents set status = 'gone', last_seen_at = now() - interval '1 hour'`);
      if (sign === 'a claim') await work.agent.tasks.claim(randomUUID(), 0);
      else await work.agent.tasks.heartbeat(work.task.id, work.claim.lease_id);
      const [agent] = await mesh.as('user:root').agents.list();
      expect(agent).toMatchObject({ name: 'finance', status: 'ready', reason: null });
      const [fresh] = await mesh.sql(
        `select last_seen_at > now() - interval '1 minute' as seen from agents where name = 'finance'`,
      );
      expect(fresh).toEqual({ seen: true });
    },
  );

  test('that is retired gives back what it holds, to the others', async () => {
    await start();
    const work = await startWork(mesh);
    const waiting = second(LONG_MS);
    expect(await retire('finance')).toMatchObject({ status: 'gone', reason: 'retired by user:root' });
    expect(await waiting).toMatchObject({ session: { id: work.sessionId, agent: 'finance-2' } });
    expect(await listReleases(mesh, work)).toMatchObject([{ reason: 'agent:finance was retired' }]);
    await expectLost(work);
  });

  test('is retired by an admin alone, and by its name', async () => {
    await start();
    expect(await refusalOf(mesh.as('user:alice').agents.retire('finance'))).toBe('forbidden');
    expect(await refusalOf(mesh.as('agent:finance').agents.retire('finance-2'))).toBe('forbidden');
    const missing = await mesh.fetch('user:root', '/agents/nobody/retire', { method: 'POST' });
    await problemOf(missing, 'not_found');
  });
});

async function expectLost({ tools }: Work): Promise<void> {
  expect(await tools.refuse('complete_task', { outcome: 'done', summary: 'Late.' })).toContain(
    'is not leased to agent:finance',
  );
}
