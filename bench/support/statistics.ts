export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of the values lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Times the work several times, one after the other. */
export async function repeat(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const results: number[] = [];
  for (let round = 0; round < times; round += 1) results.push(await time(work));
  return results;
}
