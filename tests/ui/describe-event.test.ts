import { expect, test } from 'vitest';
import { describeEvent } from '../../src/ui/describe-event.ts';
import { makeEvent } from './support.ts';

test('a routed task tells who sends what to whom', () => {
  const data = { target: 'manager', type: 'approval-review', amount: 125_000, currency: 'USD' };
  expect(describeEvent(makeEvent({ kind: 'task.routed', data }))).toMatchObject({
    role: 'finance',
    text: 'finance → manager: approval-review, 125,000 USD',
  });
});

test('of several agents of a role the one is named that spoke', () => {
  const event = makeEvent({
    kind: 'session.said',
    actor: 'agent:finance-2',
    data: { role: 'finance', text: 'Hi' },
  });
  expect(describeEvent(event)).toMatchObject({ role: 'finance-2', text: '“Hi”' });
});

test('escape sequences of an agent are shown, not obeyed', () => {
  const data = { text: 'red \u001b[31m bell \u0007 \u202e\nnext line' };
  const text = describeEvent(makeEvent({ kind: 'session.said', data }))?.text ?? '';
  expect(text).toBe('“red \\x1b[31m bell \\x07 \\x202e\\x0anext line”');
});

test('what only machines care about is not shown', () => {
  expect(describeEvent(makeEvent({ kind: 'session.conversed' }))).toBeUndefined();
  expect(
    describeEvent(makeEvent({ kind: 'guard.called', data: { masked: {}, refused: null } })),
  ).toBeUndefined();
});

test.each([
  [
    'task.edited',
    { type: 'request', target: 'legal', priority: 9 },
    'finance edits the request of legal: priority 9',
  ],
  [
    'task.edited',
    { type: 'request', target: 'legal', priority: 5, deadline: '2026-03-31T17:00:00Z', parent_id: 'x' },
    'finance edits the request of legal: priority 5, until 2026-03-31T17:00:00Z, beneath another task',
  ],
  [
    'session.moved',
    { from: 'finance', to: 'finance-2', reason: 'retired' },
    'finance-2 takes over from finance: retired',
  ],
  ['session.erased', { role: 'legal' }, 'the content of a session of legal is erased'],
  ['policy.applied', { version: 2 }, 'version 2 of the approval policy is in force'],
  ['log.pruned', { up_to: 42 }, 'events up to number 42 are removed from the log'],
] as const)('%s is told in words', (kind, data, text) => {
  expect(describeEvent(makeEvent({ kind, data }))?.text).toBe(text);
});
