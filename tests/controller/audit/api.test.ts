import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { verifyLog } from '../../../src/client/verify-log.ts';
import { startController } from '../../../src/controller/start.ts';
import type { RunningPart } from '../../../src/core/part.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';
import { startWork, type Work } from '../support/work.ts';

let mesh: TestController;
let twin: RunningPart;
let work: Work;
beforeAll(async () => {
  mesh = await startTestController();
  twin = await startController(mesh.config, pino({ level: 'silent' }));
  work = await startWork(mesh);
  await work.tools.call('complete_task', { outcome: 'done', summary: 'Bought.' });
});
afterAll(async () => {
  await twin.close();
  await mesh[Symbol.asyncDispose]();
});

const audit = () => mesh.as('user:root').audit;

test('the log of real work is sealed by two controllers, and verifies over HTTP', async () => {
  await vi.waitFor(
    async () => {
      const verdict = await verifyLog(audit());
      expect(verdict).toMatchObject({ ok: true, unsealed: 0 });
      expect(verdict.events).toBeGreaterThan(5);
    },
    { timeout: 15_000, interval: 100 },
  );
});

test.each([
  ['kind', { kind: 'task.routed' }, ['task.routed']],
  ['a noun', { kind: 'task' }, ['task.routed', 'task.claimed', 'task.completed']],
  ['actor', { actor: 'user:alice' }, ['task.routed']],
  ['time until', { until: '2020-01-01T00:00:00Z' }, []],
])('events are filtered by %s', async (_what, filter, kinds) => {
  const events = await audit().events({ ...filter, trace_id: work.task.trace_id });
  expect(events.map(({ kind }) => kind)).toEqual(kinds);
});

test('events are filtered by subject and time', async () => {
  const subject = `task:${work.task.id}`;
  const [routed, claimed] = await audit().events({ subject });
  const since = await audit().events({ subject, since: claimed?.at });
  expect(since[0]).toEqual(claimed);
  expect(await audit().events({ subject, until: claimed?.at })).toEqual([routed]);
});

test('pages follow each other without loss', async () => {
  const all = await audit().events({});
  const paged = [];
  for (let after: number | undefined; ; after = paged.at(-1)?.seq) {
    const page = await audit().events({ after, limit: 2 });
    paged.push(...page);
    if (page.length < 2) break;
  }
  expect(paged).toEqual(all);
});

test.each([
  'events?kind=tasks',
  'events?since=yesterday',
  'events?limit=0',
  'events?after=x',
  'seals?after=x',
])('%s is refused', async (query) => {
  await problemOf(await mesh.fetch('user:root', `/audit/${query}`), 'invalid_request');
});
