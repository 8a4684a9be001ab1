import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Claim } from '../../../src/core/task.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { expectLegalHistories, expectNoLingering } from '../../support/histories.ts';
import { expectRebuilt } from '../../support/rebuild.ts';

/** What comes at the same moment is carried out together, and comes to the same as one after the other. */
let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const AT_ONCE = 150;

const times = <T>(work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, n) => work(n)));

const route = (description: string, priority = 5) =>
  mesh.as('user:alice').tasks.route({ target: 'finance', description, priority });

async function claim(actor = 'agent:finance'): Promise<Claim> {
  const claimed = await mesh.as(actor).tasks.claim(randomUUID(), 5000);
  return claimed ?? expect.fail('no task came');
}

const complete = ({ task, lease_id }: Claim) =>
  mesh
    .as(`agent:${task.agent ?? ''}`)
    .tasks.complete(task.id, lease_id, { text: `Done: ${task.description}` });

test('many tasks are routed, claimed and completed at once: each of them once, with its own content and log', async () => {
  const routed = await times((n) => route(`Task ${n}`, n % 10));
  expect(routed.map(({ description }) => description)).toEqual(routed.map((_, n) => `Task ${n}`));

  const claims = await times((n) => claim(n % 3 === 0 ? 'agent:finance-2' : 'agent:finance'));
  expect(new Set(claims.map(({ task }) => task.id))).toEqual(new Set(routed.map(({ id }) => id)));
  for (const { task, session } of claims) {
    expect(session).toMatchObject({
      id: task.session_id,
      task_id: task.id,
      agent: task.agent,
      status: 'pending',
    });
  }

  const completed = await Promise.all(claims.map(complete));
  for (const [n, task] of completed.entries()) {
    expect(task).toMatchObject({ id: claims[n]?.task.id, status: 'completed' });
    expect(task.result?.text).toBe(`Done: ${task.description}`);
  }
  const kinds = await mesh.sql(
    `select array_agg(kind order by seq) as kinds, count(*)::int from (
       select e.seq, e.kind, coalesce(e.data->>'task_id', substr(e.subject, 6)) as task from events e
       where e.subject like 'task:%' or e.subject like 'session:%'
     ) e group by task`,
  );
  expect(kinds).toHaveLength(AT_ONCE);
  for (const { kinds: of } of kinds) {
    expect(of).toEqual([
      'task.routed',
      'task.claimed',
      'session.created',
      'task.completed',
      'session.activated',
      'session.completed',
    ]);
  }
  const sql = mesh.sql.bind(mesh);
  await expectLegalHistories(sql);
  await expectNoLingering(sql);
  await expectRebuilt(sql);
});

test('those who come at once get the most urgent tasks, of equal ones those that have waited longest', async () => {
  const routed: string[] = [];
  for (let n = 0; n < 12; n += 1) routed.push((await route('Urgent or not.', n % 3)).id);
  const first = (await Promise.all(Array.from({ length: 6 }, () => claim()))).map(({ task }) => task.id);
  const wanted = [2, 5, 8, 11, 1, 4].map((n) => routed[n]);
  expect(new Set(first)).toEqual(new Set(wanted));
  await Promise.all(Array.from({ length: 6 }, async () => complete(await claim())));
});

test('of one task only one completion counts, and the others are told why theirs does not', async () => {
  const { id } = await route('Once.');
  const claimed = await claim();
  expect(claimed.task.id).toBe(id);
  const agent = mesh.as('agent:finance');
  const settled = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => agent.tasks.complete(id, claimed.lease_id, { text: `${n}` })),
  );
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const refused = settled.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown);
  for (const reason of refused) expect(reason).toMatchObject({ code: 'task_closed' });
  expect(
    await mesh.sql(`select 1 from events where kind = 'task.completed' and subject = $1`, [`task:${id}`]),
  ).toHaveLength(1);
});

test('what others have locked at the moment does not hold up the rest, and comes to the same', async () => {
  await route('Locked.');
  const locked = await claim();
  await route('Free.');
  const free = await claim();
  const other = new pg.Client({ connectionString: mesh.databaseUrl });
  await other.connect();
  await other.query('begin');
  await other.query('select 1 from sessions where id = $1 for no key update', [locked.session.id]);
  const waits = complete(locked);
  expect(await complete(free)).toMatchObject({ status: 'completed' });
  expect(await Promise.race([waits, Promise.resolve('waits')])).toBe('waits');
  await other.query('commit');
  await other.end();
  await waits;
  const [one, two] = await Promise.all([tell(locked), tell(free)]);
  expect(one).toEqual(two);
});

/** All that is stored of a task and its session, but for what tells one from another. */
async function tell({ task, session }: Claim) {
  const rows = await mesh.sql<{ told: string }>(
    `select jsonb_build_array(
       (select to_jsonb(t) from tasks t where t.id = $1),
       (select to_jsonb(s) from sessions s where s.id = $2),
       (select jsonb_agg(to_jsonb(h) order by version) from session_transitions h where h.session_id = $2),
       (select jsonb_agg(to_jsonb(e) - 'seq' order by seq) from events e where e.subject in ('task:' || $1, 'session:' || $2))
     )::text as told`,
    [task.id, session.id],
  );
  return (rows[0]?.told ?? '')
    .replaceAll(task.id, 'TASK')
    .replaceAll(session.id, 'SESSION')
    .replaceAll(task.trace_id, 'TRACE')
    .replaceAll(task.description, 'TEXT')
    .replaceAll(/"lease_id": "[^"]+"/g, 'LEASE')
    .replaceAll(/"request_hash": "[^"]+"/g, 'HASH')
    .replaceAll(/"\d{4}-\d\d-\d\dT[^"]+"/g, 'TIME');
}
