import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../../support/controller.ts';
import { endedCall, permitFor } from '../guard/support.ts';
import { refusalOf } from '../support/problem.ts';
import { claimAgain, endTurn, startReview, startWork } from '../support/work.ts';

const TEXT = 'Ada: ada@example.org, SSN 536-22-8724';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

test('whatever people, models and agents say, the log holds no personal data', async () => {
  const alice = mesh.as('user:alice');
  const root = mesh.as('user:root');

  // The main story, with personal data wherever there is room for some.
  const { work, review, approvalId } = await startReview(mesh, { description: TEXT, data: { [TEXT]: TEXT } });
  await review.tools.call('decide_approval', { approval_id: approvalId, decision: 'reject', comment: TEXT });
  const claim = await claimAgain(work);
  await work.tools.call('notify', { role: 'legal', text: TEXT });
  await work.tools.call('send_task', { role: 'legal', description: TEXT });
  await work.tools.refuse('send_task', { role: TEXT, description: TEXT });
  await work.tools.refuse('notify', { role: TEXT, text: TEXT });
  await work.tools.refuse('complete_task', { outcome: 'approved', summary: TEXT });
  await endTurn({ agent: work.agent, claim }, [approvalId]);
  await alice.sessions.send(work.sessionId, 'pause', TEXT);
  await alice.sessions.send(work.sessionId, 'resume', TEXT);
  await alice.tasks.cancel(work.task.id, TEXT);

  // What Goose did, and how agents fare.
  const other = await startWork(mesh, { description: TEXT });
  const tool_called = {
    kind: 'tool_called',
    call_id: 'c',
    tool: 'notify',
    arguments: { [TEXT]: [TEXT] },
  } as const;
  await other.agent.sessions.report(other.sessionId, [
    { kind: 'said', id: randomUUID(), text: TEXT },
    { ...tool_called, id: randomUUID() },
    { kind: 'interrupted', id: randomUUID(), reason: TEXT },
  ]);
  await other.agent.agents.register('finance', { instance: randomUUID(), status: 'refused', reason: TEXT });
  const again = await claimAgain(other);
  await other.agent.tasks.fail(again.task.id, again.lease_id, { reason: TEXT, retryable: true });
  await root.sessions.send(other.sessionId, 'fail', TEXT);

  // What is refused.
  expect(await refusalOf(alice.tasks.route({ target: TEXT, description: TEXT }))).toBe('unknown_role');
  expect(await refusalOf(alice.sessions.create({ role: TEXT }))).toBe('unknown_role');

  // What guards tell of calls to models.
  const call = endedCall({ model: TEXT, refused: `unprocessable: ${TEXT}` });
  await mesh.as('guard:finance').guard.permit(permitFor({ ...call, id: randomUUID() }));
  await mesh.as('guard:finance').guard.report([call]);

  const leaks = await mesh.sql(
    `select * from (select to_jsonb(e)::text as line from events e
                    union all select to_jsonb(t)::text from session_transitions t
                    union all select to_jsonb(c)::text from guard_calls c) log
     where line ~ 'ada@example' or line ~ '536-?22-?8724'`,
  );
  expect(leaks).toEqual([]);
  const [told] = await mesh.sql<{ n: string }>(
    `select count(*) as n from events where data::text ~ 'hidden'`,
  );
  expect(Number(told?.n)).toBeGreaterThan(10);
});
