/** All that a sequence gives (Array.fromAsync, which the library of ES2024 lacks). */
export async function collect<T>(sequence: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of sequence) values.push(value);
  return values;
}
