import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextSessionState, SESSION_EVENTS, SESSION_STATES } from '../../../src/core/session.ts';
import { getSession, listTransitions } from '../../../src/store/sessions/read.ts';
import { transitionSession } from '../../../src/store/sessions/transition.ts';
import { openTestStore, sessionIn, type TestStore } from '../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const PAIRS = SESSION_STATES.flatMap((state) => SESSION_EVENTS.map((event) => ({ state, event })));

test('the SQL function is the twin of the TypeScript table', async () => {
  const rows = await store.sql<{ next: string | null }>(
    `select session_next_state(state, event) as next
     from unnest($1::text[], $2::text[]) with ordinality as pair (state, event, n) order by n`,
    [PAIRS.map(({ state }) => state), PAIRS.map(({ event }) => event)],
  );
  expect(rows.map(({ next }) => next)).toEqual(
    PAIRS.map(({ state, event }) => nextSessionState(state, event) ?? null),
  );
});

describe.each(PAIRS)('$event on $state', ({ state, event }) => {
  const next = nextSessionState(state, event);

  test(next === undefined ? 'is refused' : `leads to ${next}`, async () => {
    const before = await sessionIn(store.db, state);
    const transition = await transitionSession(store.db, {
      id: before.id,
      event,
      actor: 'test',
      reason: null,
    });
    expect(transition).toMatchObject({ from_state: state, to_state: next ?? null });
    const after = await getSession(store.db, before.id);
    expect(after).toEqual(transition?.session);
    const moved = next !== undefined && next !== state;
    if (moved) {
      expect(after).toMatchObject({ status: next, version: before.version + 1 });
      expect(after?.last_transition_at).not.toBe(before.last_transition_at);
    } else {
      expect(after).toEqual(before);
    }
  });
});

test('a pause has its time, and a resume takes it away', async () => {
  const paused = await sessionIn(store.db, 'paused');
  expect(paused.paused_at).not.toBeNull();
  const resume = { id: paused.id, event: 'resume', actor: 'test', reason: null } as const;
  expect((await transitionSession(store.db, resume))?.session.paused_at).toBeNull();
});

test('an end has its time', async () => {
  expect(await sessionIn(store.db, 'completed')).toMatchObject({ failed_at: null, paused_at: null });
  expect((await sessionIn(store.db, 'completed')).completed_at).not.toBeNull();
  expect((await sessionIn(store.db, 'failed')).failed_at).not.toBeNull();
});

test('every move leaves a line of history and an event, and nothing else does', async () => {
  const { id } = await sessionIn(store.db, 'paused');
  const send = (event: 'pause' | 'complete' | 'resume') =>
    transitionSession(store.db, { id, event, actor: 'user:alice', reason: 'because' });
  await send('pause');
  await send('complete');
  await send('resume');
  const { items: history } = await listTransitions(store.db, id, { limit: 9 });
  expect(history.map(({ version, event }) => [version, event])).toEqual([
    [1, 'activate'],
    [2, 'pause'],
    [3, 'resume'],
  ]);
  expect(history.at(-1)).toMatchObject({ actor: 'user:alice', reason: 'because', to_state: 'active' });
  const events = await store.sql<{ kind: string }>(
    'select kind from events where subject = $1 order by seq',
    [`session:${id}`],
  );
  expect(events.map(({ kind }) => kind)).toEqual([
    'session.created',
    'session.activated',
    'session.paused',
    'session.resumed',
  ]);
});

test('an event for a session that is not there finds none', async () => {
  const gone = { id: crypto.randomUUID(), event: 'activate', actor: 'test', reason: null } as const;
  expect(await transitionSession(store.db, gone)).toBeUndefined();
});
