import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eraseTask } from '../../../src/store/erase/task.ts';
import { finishTask } from '../../../src/store/tasks/finish.ts';
import { openTestStore, sessionIn, type TestStore } from '../support/store.ts';

const TEXT = 'something private';
const AT_ONCE = { role: 'legal', contentSeconds: 0, unreadSeconds: 0 };

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

async function finishedTask(): Promise<string> {
  const [task] = await store.sql<{ id: string }>(
    `insert into tasks (type, source, owner, target, description, data, request_hash, trace_id)
     values ('request', 'user:alice', 'user:alice', 'legal', $1, jsonb_build_object('at', $1::text), 'none', 'none')
     returning id`,
    [TEXT],
  );
  const id = task?.id ?? '';
  await finishTask(store.db, {
    id,
    status: 'completed',
    outcome: 'done',
    result: { text: TEXT, data: {} },
    failure: null,
    logged_reason: null,
    dead_letter: false,
    privileged: false,
    actor: 'agent:legal',
  });
  return id;
}

describe('by hand', () => {
  test.each([
    ['its result is changed', `result = '{"text": "other"}'`, /stays as it is/],
    ['its result is taken away', 'result = null', /stays as it is/],
    ['it is called erased with its words in it', 'erased_at = now()', /tasks_erased_check/],
    ['it is erased but for its data', `erased_at = now(), description = '', result = null`, /tasks_erased/],
    ['it is erased with another outcome', `erased_at = now(), outcome = 'declined'`, /stays as it is/],
  ])('a task that has ended is refused if %s', async (_, change, error) => {
    const id = await finishedTask();
    await expect(store.sql(`update tasks set ${change} where id = $1`, [id])).rejects.toThrow(error);
  });

  test.each([
    `description = 'again'`,
    `result = '{"text": "again"}'`,
    'erased_at = null',
    `erased_at = now() + interval '1 day'`,
  ])('a task that was erased takes no %s', async (change) => {
    const id = await finishedTask();
    await store.db.transaction((tx) => eraseTask(tx, id, AT_ONCE));
    await store.sql('update tasks set kept_until = null, result = null where id = $1', [id]);
    await expect(store.sql(`update tasks set ${change} where id = $1`, [id])).rejects.toThrow(/tasks|task /);
  });

  test('the reasons in a history stay as long as its session is not erased', async () => {
    const { id } = await sessionIn(store.db, 'completed');
    const forget = () =>
      store.sql('update session_transitions set reason = null where session_id = $1', [id]);
    await expect(forget()).rejects.toThrow(/append-only/);
    await store.sql('update sessions set erased_at = now() where id = $1', [id]);
    await forget();
    const rewrite = store.sql(`update session_transitions set actor = 'nobody' where session_id = $1`, [id]);
    await expect(rewrite).rejects.toThrow(/append-only/);
  });

  test('a session that has not ended cannot be erased', async () => {
    const { id } = await sessionIn(store.db, 'paused');
    const erase = store.sql('update sessions set erased_at = now() where id = $1', [id]);
    await expect(erase).rejects.toThrow(/sessions_erased_check/);
  });
});

test('however many controllers erase a task, it is erased once', async () => {
  const id = await finishedTask();
  await Promise.all(
    Array.from({ length: 8 }, () => store.db.transaction((tx) => eraseTask(tx, id, AT_ONCE))),
  );
  const events = await store.sql(`select kind from events where kind = 'task.erased' and subject = $1`, [
    `task:${id}`,
  ]);
  expect(events).toHaveLength(1);
});
