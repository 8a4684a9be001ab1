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
