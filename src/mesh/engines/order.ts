export interface Ordered {
  readonly name: string;
  readonly after: readonly string[];
}

/**
 * Runs something for every item as soon as it is done for all that the item comes after. The first failure aborts
 * the rest and is thrown once nothing is running any more.
 */
export async function runInOrder<T extends Ordered>(
  items: readonly T[],
  signal: AbortSignal,
  run: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const done = new Map<string, Promise<void>>();

  const runAfter = async (item: T) => {
    await Promise.all(items.filter(({ name }) => item.after.includes(name)).map(runOnce));
    either.throwIfAborted();
    await run(item, either);
  };
  const runOnce = (item: T): Promise<void> => {
    const running = done.get(item.name) ?? runAfter(item);
    done.set(item.name, running);
    return running;
  };

  await Promise.all(
    items.map((item) =>
      runOnce(item).catch((error: unknown) => {
        failed.abort(error);
      }),
    ),
  );
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
