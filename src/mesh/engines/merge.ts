/** Merges sequences that are in order already. */
export async function* mergeSorted<T>(
  sources: readonly AsyncIterator<T, unknown>[],
  isBefore: (a: T, b: T) => boolean,
): AsyncGenerator<T> {
  const heads: { readonly value: T; readonly source: AsyncIterator<T, unknown> }[] = [];
  const pull = async (source: AsyncIterator<T, unknown>) => {
    const next = await source.next();
    if (next.done !== true) heads.push({ value: next.value, source });
  };
  await Promise.all(sources.map(pull));
  while (heads.length > 0) {
    const first = heads.reduce((a, b) => (isBefore(b.value, a.value) ? b : a));
    heads.splice(heads.indexOf(first), 1);
    yield first.value;
    await pull(first.source);
  }
}

/** Values of all sources as they come. Ends when all have ended, or with the first error. */
export async function* interleave<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const values: T[] = [];
  const state = { isOver: false, wake: () => {} };
  const pump = async (source: AsyncIterable<T>) => {
    for await (const value of source) {
      values.push(value);
      state.wake();
    }
  };
  const pumping = Promise.all(sources.map(pump)).finally(() => {
    state.isOver = true;
    state.wake();
  });
  // It is awaited below, but perhaps long after it failed, or never.
  pumping.catch(() => undefined);
  while (!state.isOver || values.length > 0) {
    yield* values.splice(0);
    if (state.isOver || values.length > 0) continue;
    await new Promise<void>((resolve) => {
      state.wake = resolve;
    });
  }
  await pumping;
}
