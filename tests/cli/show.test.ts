import { expect, test } from 'vitest';
import { showAmount, showData, showTime, showTook } from '../../src/cli/show.ts';

test('a time is shown to the second in UTC, however it is written', () => {
  expect(showTime('2026-03-31T17:00:00.123456Z')).toBe('2026-03-31 17:00:00Z');
  expect(showTime('2026-03-31T19:00:00+02:00')).toBe('2026-03-31 17:00:00Z');
  expect(showTime(null)).toBeUndefined();
});

test('what goes on has taken no time yet', () => {
  expect(showTook('2026-03-31T17:00:00Z', '2026-03-31T17:00:01.5Z')).toBe('1.5 s');
  expect(showTook('2026-03-31T17:00:00Z', null)).toBeUndefined();
});

test('an amount has its thousands apart', () => {
  expect(showAmount(7500.5, 'USD')).toBe('7,500.5 USD');
  expect(showAmount(null, null)).toBeUndefined();
});

test('data are shown a value a line, by path', () => {
  expect(showData({ trip: { days: 7, to: ['Rome', 'Bari'] }, ok: null, none: {}, legs: [{ km: 1 }] })).toBe(
    ['trip.days: 7', 'trip.to: Rome, Bari', 'ok: null', 'none: {}', 'legs: [{"km":1}]'].join('\n'),
  );
  expect(showData({})).toBeUndefined();
});
