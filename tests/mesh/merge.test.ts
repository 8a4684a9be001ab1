import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { interleave, mergeSorted } from '../../src/mesh/engines/merge.ts';
import { collect } from './docker/support/collect.ts';

async function* generate<T>(values: readonly T[], pauseMs = 0): AsyncGenerator<T> {
  for (const value of values) {
    if (pauseMs > 0) await sleep(pauseMs);
    yield value;
  }
}

it('merges sorted sequences into one', async () => {
  const merged = mergeSorted(
    [generate([1, 4, 5]), generate<number>([]), generate([2, 3, 6])],
    (a, b) => a < b,
  );

  expect(await collect(merged)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('interleaves sequences as their values come, and loses none', async () => {
  const slow = generate(['slow 1', 'slow 2'], 30);
  const fast = generate(['fast 1', 'fast 2', 'fast 3']);

  expect(await collect(interleave([slow, fast]))).toEqual(['fast 1', 'fast 2', 'fast 3', 'slow 1', 'slow 2']);
});

it('ends with the first error of any sequence', async () => {
  async function* fail(): AsyncGenerator<string> {
    await sleep(10);
    yield 'one';
    throw new Error('broken');
  }

  await expect(collect(interleave([fail(), generate(['two'])]))).rejects.toThrow('broken');
});
