import { expect, test } from 'vitest';
import { compileConditions } from '../../../src/core/policy/conditions.ts';

const facts = {
  type: 'travel',
  amount: 10,
  priority: 7,
  source: 'agent:hr',
  owner: 'user:alice',
  target: 'finance',
  data: { department: ' Sales', days: 5, trip: { abroad: true }, note: null, text: '12' },
};

test.each([
  [{}, true],
  [{ 'data.department': 'sales' }, true],
  [{ 'data.department': 'Engineering' }, false],
  [{ 'data.department': { one_of: ['Engineering', 'SALES'] } }, true],
  [{ 'data.days': '5' }, true],
  [{ 'data.days': { over: 4 } }, true],
  [{ 'data.days': { over: 5 } }, false],
  [{ 'data.days': { over: 1, under: 5 } }, false],
  [{ 'data.trip.abroad': true }, true],
  [{ 'data.trip.abroad': { equals: false } }, false],
  [{ 'data.note': { present: false } }, true],
  [{ 'data.trip': { present: true } }, true],
  [{ 'data.missing': { present: true } }, false],
  [{ 'data.missing': { over: 0 } }, false],
  [{ 'data.constructor': { present: true } }, false],
  [{ 'data.__proto__': { present: true } }, false],
  [{ priority: { over: 6 }, source: 'agent:hr' }, true],
  [{ priority: { over: 6 }, source: 'agent:it' }, false],
  [{ owner: { one_of: ['user:bob'] } }, false],
])('%j is %s', (where, expected) => {
  expect(compileConditions(where)(facts)).toBe(expected);
});

test('what is no number is asked about, rather than passed over', () => {
  expect(compileConditions({ 'data.text': { over: 1000 } })(facts)).toBe(true);
  expect(compileConditions({ 'data.text': { under: 1 } })(facts)).toBe(true);
});
