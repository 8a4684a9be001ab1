import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MeshError } from '../../src/core/errors.ts';
import { gather } from '../../src/store/gather.ts';

interface Call {
  readonly key: string;
  readonly value: number;
}

const keyOf = ({ key }: Call) => key;

/** Doubles values; notes which calls went together. */
function openDoubling(check: (calls: readonly Call[]) => Promise<void> | void = () => undefined) {
  const batches: (readonly Call[])[] = [];
  const double = gather<object, Call, number>({
    keyOf,
    async carryOut(_context, calls) {
      batches.push(calls);
      await check(calls);
      await delay(1);
      return new Map(calls.map(({ key, value }) => [key, value * 2]));
    },
  });
  const context = {};
  return { batches, double: (key: string, value: number) => double(context, { key, value }) };
}

test('calls of the same moment go together, and each gets its own answer', async () => {
  const { batches, double } = openDoubling();
  const answers = await Promise.all([1, 2, 3].map((value) => double(`${value}`, value)));
  expect(answers).toEqual([2, 4, 6]);
  expect(batches).toHaveLength(1);
});

test('what comes while a batch is under way goes together in the next', async () => {
  const { batches, double } = openDoubling();
  const first = double('first', 1);
  while (batches.length === 0) await delay(0);
  await Promise.all([first, double('second', 2), double('third', 3)]);
  expect(batches.map((batch) => batch.map(keyOf))).toEqual([['first'], ['second', 'third']]);
});

test('whoever comes, however many and with whatever keys, is answered once, and never two of a key together', async () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(keys, async (wanted) => {
      const { batches, double } = openDoubling();
      const answers = await Promise.all(wanted.map((key, n) => double(key, n)));
      expect(answers).toEqual(wanted.map((_, n) => n * 2));
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(64);
        expect(new Set(batch.map(keyOf)).size).toBe(batch.length);
      }
      // Of one key in the order in which they came.
      for (const key of new Set(wanted)) {
        const values = batches.flat().filter((call) => call.key === key);
        expect(values).toEqual(values.toSorted((one, other) => one.value - other.value));
      }
    }),
    { numRuns: 30 },
  );
});

test('a call that breaks its batch fails alone', async () => {
  const { double } = openDoubling((calls) => {
    if (calls.some(({ value }) => value < 0)) throw new Error('negative');
  });
  const settled = await Promise.allSettled([double('a', 1), double('b', -1), double('c', 3)]);
  expect(settled).toEqual([
    { status: 'fulfilled', value: 2 },
    { status: 'rejected', reason: new Error('negative') },
    { status: 'fulfilled', value: 6 },
  ]);
});

test('a batch of which nobody knows whether it was committed is not carried out again', async () => {
  const lost = new MeshError('database_unavailable', 'The database does not answer.');
  const { batches, double } = openDoubling(() => {
    throw lost;
  });
  const settled = await Promise.allSettled([double('a', 1), double('b', 2)]);
  expect(settled.map((one) => one.status === 'rejected' && one.reason === lost)).toEqual([true, true]);
  expect(batches).toHaveLength(1);
});

test('a batch that hangs holds up nobody but those who want the same', async () => {
  const hang = Promise.withResolvers<undefined>();
  const { double } = openDoubling((calls) =>
    calls.some(({ value }) => value === 0) ? hang.promise : undefined,
  );
  const stuck = double('a', 0);
  await delay(1);
  expect(await double('b', 1)).toBe(2);
  const behind = double('a', 2);
  expect(await double('c', 3)).toBe(6);
  hang.resolve(undefined);
  expect(await Promise.all([stuck, behind])).toEqual([0, 4]);
});

test('contexts have queues of their own', async () => {
  const batches: (readonly [object, number])[] = [];
  const count = gather<object, Call, number>({
    keyOf,
    carryOut: (context, calls) => {
      batches.push([context, calls.length]);
      return Promise.resolve(new Map());
    },
  });
  const [one, other] = [{}, {}];
  const none = await Promise.all([count(one, { key: 'a', value: 1 }), count(other, { key: 'a', value: 1 })]);
  expect(none).toEqual([undefined, undefined]);
  expect(batches).toEqual([
    [one, 1],
    [other, 1],
  ]);
});
