import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextSessionState, SESSION_EVENTS, SESSION_STATES } from '../../../src/core/session.ts';
import { getSession } from '../../../src/store/sessions/read.ts';
import { openTestStore, sessionIn, type TestStore } from '../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const CHECK_VIOLATION = { code: '23514' };
const RESTRICT_VIOLATION = { code: '23001' };

describe('SQL by hand cannot break the machine', () => {
  const PAIRS = SESSION_STATES.flatMap((from) =>
    SESSION_STATES.filter((to) => to !== from).map((to) => ({ from, to })),
  );

  test.each(PAIRS)('an update from $from to $to is refused', async ({ from, to }) => {
    const before = await sessionIn(store.db, from);
    const update = store.sql('update sessions set status = $2 where id = $1', [before.id, to]);
    await expect(update).rejects.toMatchObject(CHECK_VIOLATION);
    expect(await getSession(store.db, before.id)).toEqual(before);
  });

  test('its revision counts every change, whatever a hand writes', async () => {
    const before = await sessionIn(store.db, 'active');
    const change = (set: string) => store.sql(`update sessions set ${set} where id = $1`, [before.id]);
    await change(`metadata = '{"quarter": 1}', revision = 99`);
    await change(`metadata = metadata`);
    await change('revision = 0');
    expect((await getSession(store.db, before.id))?.revision).toBe(before.revision + 2);
  });

  const MOVES = SESSION_STATES.flatMap((from) =>
    SESSION_EVENTS.map((event) => ({ from, event, to: nextSessionState(from, event) ?? 'none' })),
  ).filter(({ from, to }) => to !== 'none' && to !== from);

  test.each(MOVES)('a change from $from to $to without its line of history cannot commit', async (move) => {
    const before = await sessionIn(store.db, move.from);
    const update = store.sql(
      `update sessions set status = $2, version = version + 1, last_event = $3,
         paused_at = case when $2 = 'paused' then now() end, completed_at = case when $2 = 'completed' then now() end,
         failed_at = case when $2 = 'failed' then now() end
       where id = $1`,
      [before.id, move.to, move.event],
    );
    await expect(update).rejects.toThrow(/without a row in session_transitions/);
    expect(await getSession(store.db, before.id)).toEqual(before);
  });

  test.each([
    'version = version + 1',
    `last_event = 'resume'`,
    `last_transition_at = now() - interval '1 day'`,
    'paused_at = now()',
    'completed_at = now()',
    'failed_at = now()',
    `status = 'paused', version = version + 2, last_event = 'pause', paused_at = now()`,
    `status = 'paused', version = version + 1, last_event = 'resume', paused_at = now()`,
    `status = 'lost', version = version + 1, last_event = 'pause'`,
  ])('set %s is refused', async (change) => {
    const before = await sessionIn(store.db, 'active');
    const update = store.sql(`update sessions set ${change} where id = $1`, [before.id]);
    await expect(update).rejects.toMatchObject(CHECK_VIOLATION);
    expect(await getSession(store.db, before.id)).toEqual(before);
  });

  test('a pause without its time is refused', async () => {
    const { id } = await sessionIn(store.db, 'active');
    const update = store.sql(
      `update sessions set status = 'paused', version = version + 1, last_event = 'pause' where id = $1`,
      [id],
    );
    await expect(update).rejects.toMatchObject({ ...CHECK_VIOLATION, constraint: 'sessions_times_check' });
  });

  test.each([`'active', 0`, `'pending', 1`])('a session cannot begin as %s', async (values) => {
    const insert = store.sql(
      `insert into sessions (role, owner, trace_id, status, version) values ('finance', 'user:alice', 't', ${values})`,
    );
    await expect(insert).rejects.toThrow(/starts as pending with version 0/);
  });

  test('other columns may change while the state stays', async () => {
    const { id, version } = await sessionIn(store.db, 'active');
    await store.sql(`update sessions set conversation = 'c-1' where id = $1`, [id]);
    expect(await getSession(store.db, id)).toMatchObject({ conversation: 'c-1', version });
  });
});

describe('history by hand', () => {
  test('cannot be rewritten', async () => {
    const { id } = await sessionIn(store.db, 'active');
    const update = store.sql(`update session_transitions set actor = 'nobody' where session_id = $1`, [id]);
    await expect(update).rejects.toMatchObject(RESTRICT_VIOLATION);
  });

  test('cannot be deleted while its session is there, and goes with it', async () => {
    const { id } = await sessionIn(store.db, 'completed');
    const forget = store.sql('delete from session_transitions where session_id = $1', [id]);
    await expect(forget).rejects.toMatchObject(RESTRICT_VIOLATION);
    await store.sql('delete from sessions where id = $1', [id]);
    expect(await store.sql('select 1 from session_transitions where session_id = $1', [id])).toEqual([]);
  });

  test.each([
    { step: 'a step that never was', values: `2, 'active', 'pause', 'paused'` },
    { step: 'a step from elsewhere', values: `1, 'paused', 'resume', 'active'` },
  ])('cannot be given $step', async ({ values }) => {
    const { id } = await sessionIn(store.db, 'active');
    const insert = store.sql(
      `insert into session_transitions (session_id, version, from_state, event, to_state, actor)
       values ($1, ${values}, 'test')`,
      [id],
    );
    await expect(insert).rejects.toMatchObject({ code: expect.stringMatching(/^23/) as string });
  });

  test.each([`update events set actor = 'nobody'`, 'delete from events', 'truncate events'])(
    'the log is append-only: %s is refused',
    async (statement) => {
      await sessionIn(store.db, 'pending');
      await expect(store.sql(statement)).rejects.toMatchObject(RESTRICT_VIOLATION);
    },
  );

  test('cannot be emptied, nor by emptying what it belongs to', async () => {
    for (const statement of ['truncate session_transitions', 'truncate sessions cascade']) {
      await expect(store.sql(statement)).rejects.toMatchObject(RESTRICT_VIOLATION);
    }
  });
});
