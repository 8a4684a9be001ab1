import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMeshError } from '../../../src/core/errors.ts';
import {
  nextSessionState,
  PUBLIC_SESSION_EVENTS,
  type SessionTransition,
} from '../../../src/core/session.ts';
import { startTestController, type TestController } from '../../support/controller.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
});
afterAll(() => mesh[Symbol.asyncDispose]());

const ACTORS = ['user:alice', 'user:root'];

test('whatever several clients send at once, the history is one legal chain', async () => {
  const script = fc.array(fc.constantFrom(...PUBLIC_SESSION_EVENTS), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(script, { minLength: 2, maxLength: 5 }), async (scripts) => {
      const { id } = await mesh.as('user:alice').sessions.create({ role: 'finance' });
      await Promise.all(scripts.map((events, index) => sendAll(id, ACTORS[index % 2] ?? '', events)));
      const session = await mesh.as('user:alice').sessions.get(id);
      const history = await mesh.as('user:alice').sessions.transitions(id);
      expectChain(history);
      expect(session.version).toBe(history.length);
      expect(session.status).toBe(history.at(-1)?.to_state ?? 'pending');
      expect(await countEvents(id)).toBe(history.length);
    }),
    { numRuns: 60 },
  );
});

async function sendAll(id: string, actor: string, events: readonly string[]): Promise<void> {
  const client = mesh.as(actor);
  for (const event of events) {
    await client.sessions.send(id, event).catch((error: unknown) => {
      if (!isMeshError(error) || error.code !== 'invalid_transition') throw error;
    });
  }
}

function expectChain(history: readonly SessionTransition[]): void {
  let state: SessionTransition['from_state'] = 'pending';
  for (const [index, { version, from_state, event, to_state }] of history.entries()) {
    expect({ version, from_state }).toEqual({ version: index + 1, from_state: state });
    expect(to_state).toBe(nextSessionState(from_state, event));
    expect(to_state).not.toBe(from_state);
    state = to_state;
  }
}

async function countEvents(id: string): Promise<number> {
  const rows = await mesh.sql(`select 1 from events where subject = $1 and kind <> 'session.created'`, [
    `session:${id}`,
  ]);
  return rows.length;
}
