import { expect, test } from 'vitest';
import {
  allowedSessionEvents,
  isTerminal,
  nextSessionState,
  PUBLIC_SESSION_EVENTS,
  SESSION_EVENTS,
  SESSION_STATES,
} from '../../src/core/session.ts';

test('the table of the design is the whole machine', () => {
  const moves = SESSION_STATES.flatMap((state) =>
    SESSION_EVENTS.map((event) => [state, event, nextSessionState(state, event)] as const),
  ).filter(([state, , next]) => next !== undefined && next !== state);
  expect(moves).toEqual([
    ['pending', 'activate', 'active'],
    ['pending', 'expire', 'expired'],
    ['active', 'pause', 'paused'],
    ['active', 'complete', 'completed'],
    ['active', 'fail', 'failed'],
    ['active', 'expire', 'expired'],
    ['paused', 'resume', 'active'],
    ['paused', 'expire', 'expired'],
  ]);
});

test('an event is repeated where its state was reached already, but never at an end', () => {
  const repeats = SESSION_STATES.flatMap((state) =>
    SESSION_EVENTS.filter((event) => nextSessionState(state, event) === state).map((event) => [state, event]),
  );
  expect(repeats).toEqual([
    ['active', 'activate'],
    ['active', 'resume'],
    ['paused', 'pause'],
  ]);
});

test('completed, failed and expired take nothing more', () => {
  expect(SESSION_STATES.filter(isTerminal)).toEqual(['completed', 'failed', 'expired']);
  expect(SESSION_STATES.filter(isTerminal).flatMap(allowedSessionEvents)).toEqual([]);
});

test('time-outs alone expire a session', () => {
  expect(PUBLIC_SESSION_EVENTS).not.toContain('expire');
  expect(SESSION_STATES.flatMap(allowedSessionEvents)).not.toContain('expire');
});
