import { expect, test } from 'vitest';
import { costOf } from '../../src/core/prices.ts';
import { loadPrices } from '../../src/mesh/prices.ts';

const PRICES = {
  'gpt-4o*': { input: 2.5, output: 10 },
  'gpt-4o-mini*': { input: 0.15, output: 0.6 },
  'gpt-4o-audio': { input: 40, output: 80 },
};
const million = { tokens_in: 1_000_000, tokens_out: 1_000_000 };

test.each([
  ['gpt-4o', 12.5],
  ['gpt-4o-2024-08-06', 12.5],
  ['gpt-4o-mini-2024-07-18', 0.75],
  ['gpt-4o-audio', 120],
  ['openai/gpt-4o-mini', 0.75],
  ['llama3', null],
  ['toString', null],
])('a million tokens each way of %s cost %s', (model, cost) => {
  expect(costOf(PRICES, model, million)).toBe(cost);
});

test('of what a provider does not tell, no cost is known', () => {
  expect(costOf(PRICES, 'gpt-4o', { tokens_in: null, tokens_out: null })).toBeNull();
  expect(costOf(PRICES, 'gpt-4o', { tokens_in: 1_000_000, tokens_out: null })).toBe(2.5);
});

test('what mesh.yaml says goes before the table of the package', async () => {
  const free = { input: 0, output: 0 };
  const prices = await loadPrices({ 'gpt-4o*': free });
  expect(prices['gpt-4o*']).toEqual(free);
  expect(costOf(prices, 'claude-sonnet-4-5', million)).toBeGreaterThan(0);
});
