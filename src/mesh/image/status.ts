/** Whether an error is an answer of the Docker engine with one of these HTTP status codes. */
export function hasStatus(error: unknown, ...codes: readonly number[]): boolean {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && codes.includes(error.statusCode);
}
