/** A count of tokens as a provider tells it; null where it is none. */
export function toCount(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}
