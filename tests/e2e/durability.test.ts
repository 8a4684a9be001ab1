import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMeshError } from '../../src/core/errors.ts';
import { newTraceId } from '../../src/core/trace.ts';
import { openRehearsal } from '../../src/scenario/rehearsal/admin.ts';
import { expectLegalHistories, expectNoLingering } from '../support/histories.ts';
import { expectRebuilt } from '../support/rebuild.ts';
import { pick, seeded } from '../support/seeded.ts';
import { type Parts, startParts } from './support/parts.ts';
import { STORIES, STORY_SCRIPT, type Story } from './support/stories.ts';

/** Work for three roles while everything that it depends on is killed, again and again. */
const SEED = Number(process.env['GM_TEST_SEED'] ?? 1);
const KILLS = 100;
const TASKS_A_KILL = 2;
const VICTIMS = [
  'controller',
  'agent-finance',
  'agent-manager',
  'agent-legal',
  'database',
  'postgres',
] as const;

let parts: Parts;
const traceId = newTraceId();
beforeAll(async () => {
  parts = await startParts();
  await openRehearsal(parts.model, traceId, STORY_SCRIPT);
});
afterAll(() => parts[Symbol.asyncDispose]());

test(`${KILLS} kills during ${KILLS * TASKS_A_KILL} tasks lose nothing and do nothing twice`, {
  timeout: 400_000,
}, async () => {
  const random = seeded(SEED);
  await using news = follow();
  const sent = new Map<string, Story>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (let n = 0; n < TASKS_A_KILL; n += 1) await send(sent, pick(random, STORIES));
    // The kill comes somewhere in what these tasks cause.
    await news.next(1 + Math.floor(random() * 6));
    await parts.kill(pick(random, VICTIMS)).catch(ignoreDead);
  }
  await untilOver();

  await expectAllDone();
  await expectSingleEffects(sent);
});

const OUTAGE_MS = 10_000;

test('PostgreSQL is away for ten seconds under load: who calls waits or is told so, and then all goes on', {
  timeout: 200_000,
}, async () => {
  const impatient = parts.as('user:admin', { retryForMs: 0 });
  const sent = new Map<string, Story>();
  const sending = (async () => {
    for (let n = 0; n < 30; n += 1) await send(sent, pick(seeded(n), STORIES), 'outage');
  })();
  const answers: unknown[] = [];
  {
    using _outage = await parts.hold('database');
    const over = delay(OUTAGE_MS);
    let isOver = false;
    void over.then(() => (isOver = true));
    while (!isOver) answers.push(await impatient.tasks.list().catch((error: unknown) => error));
    await over;
  }
  expect(answers.filter((answer) => !isMeshError(answer) || answer.code !== 'database_unavailable')).toEqual(
    [],
  );
  await sending;
  await untilOver();

  await expectAllDone();
});

async function send(sent: Map<string, Story>, story: Story, name = 'durability'): Promise<void> {
  const number = sent.size + 1;
  const { id } = await parts
    .as('user:admin')
    .tasks.route({ ...story.task(number) }, { traceId, idempotencyKey: `${name}-${number}` });
  sent.set(id, story);
}

/** Each top task did exactly what its story says, once. */
async function expectSingleEffects(sent: ReadonlyMap<string, Story>): Promise<void> {
  const rows = await parts.sql<{ id: string; type: string; effects: Record<string, number> }>(
    `select t.id, t.type, jsonb_build_object(
       'completions', (select count(*) from events e where e.kind = 'task.completed' and e.subject = 'task:' || t.id),
       'approvals', (select count(*) from approvals a where a.task_id = t.id),
       'decisions', (select count(*) from approval_decisions d join approvals a on a.id = d.approval_id where a.task_id = t.id),
       'uses', (select count(*) from events e join approvals a on e.subject = 'approval:' || a.id
                where e.kind = 'approval.used' and a.task_id = t.id),
       'questions', (select count(*) from tasks q where q.parent_id = t.id and q.type <> 'approval-review'),
       'notifications', (select count(*) from notifications n where n.task_id = t.id)) as effects
     from tasks t where t.parent_id is null`,
  );
  expect(rows).toHaveLength(sent.size);
  const wrong = rows.filter(({ id, effects }) => !isDeepStrictEqual(effects, sent.get(id)?.effects));
  await expectNone(wrong);
}

/** Every task was done, by legal ways, and the log tells all of it. */
async function expectAllDone(): Promise<void> {
  await expectNone(await listUnfinished());
  const sql = parts.sql.bind(parts);
  await expectLegalHistories(sql);
  await expectNoLingering(sql);
  await expectRebuilt(sql);
}

/** Shows the whole story of each task that should not be. */
async function expectNone(tasks: readonly { readonly id: string }[]): Promise<void> {
  const told = tasks.map(async (task) => ({ ...task, log: await tellStory(task.id) }));
  expect(await Promise.all(told)).toEqual([]);
}

/** What happened to a task and its sessions, for whoever must find out why. */
async function tellStory(taskId: string): Promise<readonly string[]> {
  const rows = await parts.sql<{ line: string }>(
    `select concat_ws(' ', at::time, kind, actor, subject, data) as line from events
     where subject = 'task:${taskId}' or data->>'task_id' = '${taskId}' or data->>'parent_id' = '${taskId}'
     order by seq`,
  );
  return rows.map(({ line }) => line);
}

function listUnfinished() {
  return parts.sql<{ id: string }>(
    `select id, type, target, status, attempts, failure from tasks where status not in ('completed', 'cancelled')`,
  );
}

async function untilOver(): Promise<void> {
  for (;;) {
    const [row] = await parts
      .sql<{ open: string }>('select count(*) as open from tasks where finished_at is null')
      .catch(() => []);
    if (row?.open === '0') return;
    await delay(200);
  }
}

/** The event log, across all interruptions. */
function follow() {
  const stop = new AbortController();
  const events = parts
    .as('user:admin')
    .events({ filter: { trace_id: traceId }, after: 0, signal: stop.signal });
  return {
    async next(count: number): Promise<void> {
      for (let n = 0; n < count; n += 1) await events.next();
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await events.return();
    },
  };
}

/** It was killed a moment ago and is not there again yet. */
function ignoreDead(error: unknown): void {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ESRCH' && code !== 'ENOENT') throw error;
}
