/** Runs a task once one of the places is free. */
export type Pool = <T>(task: () => Promise<T>) => Promise<T>;

export function createPool(places: number): Pool {
  const waiting: (() => void)[] = [];
  let free = places;

  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
