import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startController } from '../../../src/controller/start.ts';
import { isMeshError } from '../../../src/core/errors.ts';
import type { RunningPart } from '../../../src/core/part.ts';
import type { Claim } from '../../../src/core/task.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { expectLegalHistories, expectNoLingering } from '../../support/histories.ts';
import { expectRebuilt } from '../../support/rebuild.ts';
import { seeded } from '../../support/seeded.ts';
import { holdingOf, openTools } from '../support/tools.ts';

/** Everybody at once: agents that work, fail and restart, managers that decide, people that interfere. */
let mesh: TestController;
let twin: RunningPart;
let logged: string[];
beforeEach(async () => {
  mesh = await startTestController();
  logged = [];
  const sink = new Writable({
    write: (line: Buffer, _encoding, done) => {
      logged.push(line.toString());
      done();
    },
  });
  // The second controller of the same mesh, whose warnings are kept.
  twin = await startController({ ...mesh.config }, pino({ level: 'warn' }, sink));
  mesh = { ...mesh, url: `http://127.0.0.1:${twin.port ?? 0}` };
});
afterEach(async () => {
  await twin.close();
  await mesh[Symbol.asyncDispose]();
});

const TASKS = 40;
/** What the rules may answer to those who come too late. Anything else is a bug. */
const EXPECTED = new Set([
  'lease_lost',
  'task_closed',
  'invalid_transition',
  'approval_closed',
  'approval_required',
  'conflict',
  'forbidden',
]);

test('in any tumult nothing breaks, clashes or gets lost', async () => {
  const random = seeded(Number(process.env['GM_TEST_SEED'] ?? 1));
  const alice = mesh.as('user:alice');
  const tasks = await Promise.all(
    Array.from({ length: TASKS }, (_, n) =>
      alice.tasks.route({
        target: 'finance',
        description: `Task ${n}`,
        ...(random() < 0.5 ? { amount: 125_000 } : {}),
      }),
    ),
  );
  const over = new AbortController();
  const crew = [
    'agent:finance',
    'agent:finance-2',
    'agent:manager',
    'agent:legal',
    'agent:manager',
    'agent:finance',
  ];
  const work = crew.map((actor) => workUntil(over.signal, actor, random));
  const chaos = interfere(over.signal, random);
  for (const { id } of tasks) await untilOver(id);
  over.abort();
  await Promise.all([...work, chaos]);

  expect(logged).toEqual([]);
  const sql = mesh.sql.bind(mesh);
  await expectLegalHistories(sql);
  await expectNoLingering(sql);
  await expectRebuilt(sql);
  await expectApprovedCompletions();
  await expectNoOrphanedRequests();
});

async function workUntil(stop: AbortSignal, actor: string, random: () => number): Promise<void> {
  const agent = mesh.as(actor);
  while (!stop.aborted) {
    const claim = await agent.tasks.claim(randomUUID(), 300).catch(ignoreExpected);
    if (claim !== undefined) await workOn(actor, claim, random).catch(ignoreExpected);
  }
}

async function workOn(actor: string, claim: Claim, random: () => number): Promise<void> {
  const agent = mesh.as(actor);
  const { task, session, lease_id } = claim;
  if (session.status === 'pending')
    await mesh.as(actor, holdingOf(claim)).sessions.send(session.id, 'activate');
  const tools = await openTools(mesh, actor, claim);
  const say = (name: string, args: Record<string, unknown>) => tools.call(name, args).catch(() => undefined);
  if (task.approval_id !== null && random() < 0.2) {
    await agent.tasks.fail(task.id, lease_id, { reason: 'tired', retryable: false });
  } else if (task.approval_id !== null) {
    const decision = random() < 0.7 ? 'approve' : 'reject';
    await say('decide_approval', { approval_id: task.approval_id, decision, comment: 'So be it.' });
  } else if (random() < 0.4 && task.target === 'finance') {
    await say('send_task', { role: 'legal', description: `About ${task.id}` });
    if (random() < 0.5) await say('send_task', { role: 'manager', description: 'And you?', wait: 'first' });
  } else if (random() < 0.4 && task.target !== 'finance') {
    await say('send_task', { role: 'finance', description: `What about ${task.id}?` });
  } else if (random() < 0.6 && task.amount !== null) {
    await say('request_approval', { reason: 'Please.' });
  } else if (random() < 0.1) {
    await agent.tasks.fail(task.id, lease_id, { reason: 'tired', retryable: true });
  } else {
    await say('complete_task', {
      outcome: random() < 0.5 ? 'approved' : 'declined',
      summary: 'There you are.',
    });
  }
  for (const { kind, id } of claim.answers) {
    if (kind === 'question' && random() < 0.5)
      await say('complete_task', { task_id: id, outcome: 'done', summary: 'So.' });
  }
  let told = claim.answers.map(({ id }) => id);
  for (let turn = 0; turn < 5; turn += 1) {
    const verdict = await agent.tasks.reportTurn(task.id, { lease_id, text: 'Done.', told });
    if (verdict.next === 'done' || verdict.next === 'wait') return;
    told = verdict.next === 'answers' ? verdict.answers.map(({ id }) => id) : [];
    if (verdict.next === 'refused')
      await say('complete_task', { outcome: 'declined', summary: 'It was refused.' });
  }
}

/** People pause, resume, end and decide, and agents are restarted, as they please. */
async function interfere(stop: AbortSignal, random: () => number): Promise<void> {
  const alice = mesh.as('user:alice');
  while (!stop.aborted) {
    const { items } = await alice.sessions.list({ limit: 100 });
    const session = items[Math.floor(random() * items.length)];
    if (session === undefined) continue;
    const dice = random();
    const acts = async () => {
      if (dice < 0.3)
        await alice.sessions.send(session.id, 'pause').then(() => alice.sessions.send(session.id, 'resume'));
      else if (dice < 0.35) await alice.sessions.send(session.id, 'fail', 'enough');
      else if (dice < 0.4 && session.task_id !== null) await alice.tasks.cancel(session.task_id, 'enough');
      else if (dice < 0.5)
        await mesh.as('agent:legal').agents.register('legal', { instance: randomUUID(), status: 'ready' });
      else if (dice < 0.6) await decideSomething();
      else await alice.sessions.send(session.id, 'resume');
    };
    await acts().catch(ignoreExpected);
  }
}

async function decideSomething(): Promise<void> {
  const bob = mesh.as('user:bob');
  const [approval] = (await bob.approvals.list({ status: 'pending', limit: 1 })).items;
  if (approval !== undefined)
    await bob.approvals.decide(approval.id, { decision: 'approve', comment: 'Fine.' });
}

async function untilOver(id: string): Promise<void> {
  for (;;) {
    const { finished_at } = await mesh.as('user:alice').tasks.get(id);
    if (finished_at !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function ignoreExpected(error: unknown): undefined {
  if (!isMeshError(error) || !EXPECTED.has(error.code)) throw error;
}

async function expectApprovedCompletions(): Promise<void> {
  const ungranted = await mesh.sql(
    `select t.id from tasks t
     where t.amount is not null and t.type <> 'approval-review' and t.outcome in ('done', 'approved')
       and not exists (select 1 from approvals a where a.task_id = t.id and a.status = 'approved' and a.used_at is not null)`,
  );
  expect(ungranted).toEqual([]);
}

async function expectNoOrphanedRequests(): Promise<void> {
  const orphaned = await mesh.sql(
    `select a.id from approvals a
     where a.status = 'pending'
       and not exists (select 1 from tasks t where t.approval_id = a.id and t.finished_at is null)`,
  );
  expect(orphaned).toEqual([]);
}
