import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActivityEntry } from '../../../src/core/agent.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { refusalOf } from '../support/problem.ts';
import { startWork, type Work } from '../support/work.ts';

let mesh: TestController;
let work: Work;
beforeAll(async () => {
  mesh = await startTestController();
  work = await startWork(mesh);
});
afterAll(() => mesh[Symbol.asyncDispose]());

const said = (text: string, id = randomUUID()): ActivityEntry => ({ kind: 'said', id, text });

const eventOf = async ({ id }: ActivityEntry) =>
  (
    await mesh.sql('select kind, actor, subject, owner, trace_id, data from events where dedupe_key = $1', [
      id,
    ])
  )[0];

test('what Goose said is in the log of whom it works for', async () => {
  const entry = said('I will buy chairs.');
  await work.agent.sessions.report(work.sessionId, [entry]);
  expect(await eventOf(entry)).toEqual({
    kind: 'session.said',
    actor: 'agent:finance',
    subject: `session:${work.sessionId}`,
    owner: 'user:alice',
    trace_id: work.task.trace_id,
    data: { role: 'finance', task_id: work.task.id, text: 'I will buy chairs.' },
  });
});

test('a report that is repeated is told once', async () => {
  const entries = [said('one'), said('two')];
  await Promise.all([1, 2, 3].map(() => work.agent.sessions.report(work.sessionId, entries)));
  const rows = await mesh.sql('select 1 from events where dedupe_key = any($1)', [
    entries.map(({ id }) => id),
  ]);
  expect(rows).toHaveLength(2);
});

test('long texts and arguments are cut short, and odd characters replaced', async () => {
  const long = said('x'.repeat(10_000));
  const odd = said('a\0b\ud800');
  const call = {
    kind: 'tool_called',
    id: randomUUID(),
    call_id: 'c',
    tool: 't',
    arguments: { a: 'x'.repeat(5000) },
  } as const;
  await work.agent.sessions.report(work.sessionId, [long, odd, call]);
  expect((await eventOf(long))?.['data']).toMatchObject({
    text: expect.stringMatching(/^x{3999}…$/) as string,
  });
  expect((await eventOf(odd))?.['data']).toMatchObject({ text: 'a\ufffdb\ufffd' });
  expect((await eventOf(call))?.['data']).toMatchObject({
    arguments: { omitted: 'longer than the log keeps' },
  });
});

test('the conversation of a session is noted by its agent alone', async () => {
  expect(await work.holder.sessions.setConversation(work.sessionId, '20260101_1')).toMatchObject({
    conversation: '20260101_1',
  });
  expect(await refusalOf(mesh.as('agent:finance-2').sessions.setConversation(work.sessionId, 'x'))).toBe(
    'not_found',
  );
});
