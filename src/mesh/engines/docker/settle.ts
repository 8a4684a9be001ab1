/** Promise.all that waits for all, also if one fails: what is still being made could not be taken back. */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
