/** Waits for a promise, but not beyond a time and not after the signal has aborted. */
export async function within<T>(
  limitMs: number,
  signal: AbortSignal,
  promise: Promise<T>,
  describeLate: () => Error,
): Promise<T> {
  const late = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, late]);
  either.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(late.aborted ? describeLate() : signal.reason);
  };
  either.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    either.removeEventListener('abort', abort);
  }
}
