export interface Ordered {
  readonly name: string;
  readonly after: readonly string[];
}

/** Runs something for an item. May call `started` when those that come after can begin; else they wait until it is done. */
export type Run<T> = (item: T, signal: AbortSignal, started: () => void) => Promise<void>;

/**
 * Runs something for every item as soon as all that it comes after have started. The first failure aborts the rest
 * and is thrown once nothing is running any more.
 */
export async function runInOrder<T extends Ordered>(
  items: readonly T[],
  signal: AbortSignal,
  run: Run<T>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const starts = new Map(items.map(({ name }) => [name, Promise.withResolvers<undefined>()]));

  const runOne = async (item: T) => {
    const started = () => starts.get(item.name)?.resolve(undefined);
    try {
      for (const name of item.after) await starts.get(name)?.promise;
      if (!either.aborted) await run(item, either, started);
    } catch (error) {
      failed.abort(error);
    }
    started();
  };

  await Promise.all(items.map(runOne));
  either.throwIfAborted();
}

/** The same items in the order in which they are taken down: each after all that came after it. */
export function reverse<T extends Ordered>(items: readonly T[]): readonly (Ordered & { readonly item: T })[] {
  return items.map((item) => ({
    item,
    name: item.name,
    after: items.filter(({ after }) => after.includes(item.name)).map(({ name }) => name),
  }));
}
