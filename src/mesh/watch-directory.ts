import { watch } from 'node:fs';

/** How often to look where the system allows no more watches: inotify(7) has limits for each user. */
const LOOK_MS = 500;

export interface Changes extends Disposable {
  /** Resolves when something has changed since the last time: true; or when the signal aborts: false. */
  next(): Promise<boolean>;
}

/** Tells that something in a directory may have changed; what, its user finds out best by looking. */
export function watchDirectory(directory: string, signal: AbortSignal): Changes {
  let changed = Promise.withResolvers<undefined>();
  const wake = () => {
    changed.resolve(undefined);
  };
  const stopWatching = startWatching(directory, wake);
  signal.addEventListener('abort', wake);
  return {
    next: async () => {
      if (!signal.aborted) await changed.promise;
      changed = Promise.withResolvers();
      return !signal.aborted;
    },
    [Symbol.dispose]: () => {
      stopWatching();
      signal.removeEventListener('abort', wake);
    },
  };
}

function startWatching(directory: string, wake: () => void): () => void {
  try {
    const watcher = watch(directory, wake).on('error', wake);
    return () => {
      watcher.close();
    };
  } catch {
    const timer = setInterval(wake, LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }
}
