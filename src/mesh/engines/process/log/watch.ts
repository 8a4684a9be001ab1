import { watch } from 'node:fs';

export interface Changes extends Disposable {
  /** Resolves when something has changed since the last time: true; or when the signal aborts: false. */
  next(): Promise<boolean>;
}

/** Tells that something in a directory has changed; what, its user finds out best by looking. */
export function watchDirectory(directory: string, signal: AbortSignal): Changes {
  let changed = Promise.withResolvers<undefined>();
  const wake = () => {
    changed.resolve(undefined);
  };
  const watcher = watch(directory, wake);
  signal.addEventListener('abort', wake);
  return {
    next: async () => {
      if (!signal.aborted) await changed.promise;
      changed = Promise.withResolvers();
      return !signal.aborted;
    },
    [Symbol.dispose]: () => {
      watcher.close();
      signal.removeEventListener('abort', wake);
    },
  };
}
