import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allowedSessionEvents,
  nextSessionState,
  PUBLIC_SESSION_EVENTS,
  SESSION_STATES,
  type SessionState,
} from '../../../src/core/session.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { sessionIn } from '../../store/support/store.ts';
import { startTestController, type TestController } from '../../support/controller.ts';
import { problemOf } from '../support/problem.ts';

let mesh: TestController;
let db: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  mesh = await startTestController();
  db = openDatabase({ url: mesh.databaseUrl, pool: 4, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await mesh[Symbol.asyncDispose]();
});

function send(id: string, body: unknown, actor = 'user:alice'): Promise<Response> {
  return mesh.fetch(actor, `/sessions/${id}/events`, { method: 'PUT', body: JSON.stringify(body) });
}

const PAIRS = SESSION_STATES.flatMap((state) => PUBLIC_SESSION_EVENTS.map((event) => ({ state, event })));

describe('HTTP agrees with the table', () => {
  test.each(PAIRS)('$event on $state', async ({ state, event }) => {
    const before = await sessionIn(db, state);
    const response = await send(before.id, { event });
    const next = nextSessionState(state, event);
    if (next === undefined) {
      expect(await problemOf(response, 'invalid_transition')).toMatchObject({
        status: 400,
        state,
        event,
        allowed: allowedSessionEvents(state),
      });
      expect(await mesh.as('user:alice').sessions.get(before.id)).toEqual(before);
    } else {
      expect(response.status).toBe(200);
      const after = (await response.json()) as { status: SessionState };
      expect(after.status).toBe(next);
      expect(await mesh.as('user:alice').sessions.get(before.id)).toEqual(after);
      if (next === state && event !== 'pause') expect(after).toEqual(before);
    }
  });

  test("a person's pause of a paused session moves nothing, but is remembered", async () => {
    const before = await sessionIn(db, 'paused');
    const after: unknown = await (await send(before.id, { event: 'pause' })).json();
    expect(after).toEqual({
      ...before,
      revision: before.revision + 1,
      fsm_metadata: { paused_by: 'user:alice' },
    });
  });
});

test.each(SESSION_STATES)('expire is refused over HTTP on %s', async (state) => {
  const { id } = await sessionIn(db, state);
  expect(await problemOf(await send(id, { event: 'expire' }), 'unknown_event')).toMatchObject({ state });
});

test('an unknown event is refused with the nearest known one and what may be sent', async () => {
  const { id } = await sessionIn(db, 'active');
  expect(await problemOf(await send(id, { event: 'complet' }), 'unknown_event')).toMatchObject({
    status: 400,
    hint: 'Did you mean complete?',
    state: 'active',
    event: 'complet',
    allowed: ['activate', 'pause', 'resume', 'complete', 'fail'],
  });
});

test('the reason and the actor of a move are kept in its history', async () => {
  const { id } = await sessionIn(db, 'active');
  await send(id, { event: 'fail', reason: 'Ada (ada@example.org) is away' });
  const history = await mesh.as('user:alice').sessions.transitions(id);
  expect(history.at(-1)).toMatchObject({
    event: 'fail',
    from_state: 'active',
    to_state: 'failed',
    actor: 'user:alice',
    reason: 'Ada ([EMAIL hidden]) is away',
  });
});

test.each([
  { what: 'a session that is not there', id: randomUUID(), code: 'not_found' },
  { what: 'an id that is not a UUID', id: 'seven', code: 'invalid_request' },
] as const)('$what is told as $code', async ({ id, code }) => {
  await problemOf(await send(id, { event: 'activate' }), code);
});

test.each([{}, { event: 7 }, { event: 'pause', force: true }, { event: 'pause', reason: 'x'.repeat(2001) }])(
  'the body %j is refused and changes nothing',
  async (body) => {
    const before = await sessionIn(db, 'active');
    await problemOf(await send(before.id, body), 'invalid_request');
    expect(await mesh.as('user:alice').sessions.get(before.id)).toEqual(before);
  },
);
