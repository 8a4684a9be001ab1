import { z } from 'zod';

/** US dollars for a million tokens. */
const Price = z.strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() });

/** By the name of a model; one that ends in * stands for all that begin so. */
export const PriceTable = z.record(z.string().min(1).max(200), Price);
export type PriceTable = z.infer<typeof PriceTable>;

interface Tokens {
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
}

const MILLION = 1_000_000;

/** What a call cost; null where the table does not know the model, or the provider told of no tokens. */
export function costOf(prices: PriceTable, model: string, { tokens_in, tokens_out }: Tokens): number | null {
  const price = findPrice(prices, model);
  if (price === undefined || (tokens_in === null && tokens_out === null)) return null;
  return ((tokens_in ?? 0) * price.input + (tokens_out ?? 0) * price.output) / MILLION;
}

/** The price of a model: by its whole name, else by the longest beginning. Gateways put the maker before the name. */
export function findPrice(prices: PriceTable, model: string): z.infer<typeof Price> | undefined {
  const names = [model, model.slice(model.lastIndexOf('/') + 1)];
  for (const name of names) {
    const key = Object.hasOwn(prices, name) ? name : longestBeginning(prices, name);
    if (key !== undefined) return prices[key];
  }
  return undefined;
}

function longestBeginning(prices: PriceTable, model: string): string | undefined {
  return Object.keys(prices)
    .filter((key) => key.endsWith('*') && model.startsWith(key.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
}
