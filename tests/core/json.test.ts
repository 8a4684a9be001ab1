import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, JsonObject } from '../../src/core/json.ts';
import { Amount, TaskType } from '../../src/core/task.ts';
import { toTraceparent, traceIdOf } from '../../src/core/trace.ts';

describe('canonicalJson', () => {
  test('does not depend on the order of keys, at any depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
      canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }),
    );
  });

  test('depends on everything else', () => {
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
    expect(canonicalJson({ a: 1 })).not.toBe(canonicalJson({ a: '1' }));
  });

  test('says the same as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('JsonObject', () => {
  test.each([{}, { a: [1, null, true, 'x', { b: {} }] }])('takes %j', (value) => {
    expect(JsonObject.parse(value)).toEqual(value);
  });

  test.each([[[1]], ['x'], [null], [{ a: undefined }], [{ a: Number.NaN }], [{ a: [() => 1] }], [{ a: 1n }]])(
    'refuses what is not one: case %#',
    (value) => {
      expect(JsonObject.safeParse(value).success).toBe(false);
    },
  );
});

test('an amount has at most two decimal places, whatever binary fractions make of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 11 }), (cents) => {
      expect(Amount.safeParse(cents / 100).success).toBe(true);
    }),
  );
});

test.each(['request', 'budget-request', 'q1-2026'])('%s is a type of task', (type) => {
  expect(TaskType.safeParse(type).success).toBe(true);
});

test.each(['', 'Request', 'a b', '-a', 'a-', 'a--b', 'a'.repeat(65)])('%j is not', (type) => {
  expect(TaskType.safeParse(type).success).toBe(false);
});

describe('a trace', () => {
  test('is found in the header that carries it', () => {
    const id = 'a'.repeat(32);
    expect(traceIdOf(toTraceparent(id))).toBe(id);
  });

  test.each([
    undefined,
    '',
    '00-xyz',
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'a'.repeat(32)}-01`,
  ])('is not found in %j', (header) => {
    expect(traceIdOf(header)).toBeUndefined();
  });
});
