import type Dockerode from 'dockerode';
import { hasStatus } from '../../../image/status.ts';
import { type LogEntry, readEntries } from './entries.ts';

const OPTIONS = { stdout: true, stderr: true, timestamps: true } as const;

/** What a container has logged, since a moment (RFC 3339, included) or since it was made. */
export async function* readLog(container: Dockerode.Container, since?: string): AsyncGenerator<LogEntry> {
  yield* readEntries([await container.logs({ ...OPTIONS, follow: false, since: toSeconds(since) })]);
}

/**
 * The same, and what it logs from now on. Ends when the container does, also if that is started again at once, and
 * when there is none.
 */
export async function* followLog(
  container: Dockerode.Container,
  signal: AbortSignal,
  since?: string,
): AsyncGenerator<LogEntry> {
  try {
    yield* readEntries(
      await container.logs({ ...OPTIONS, follow: true, since: toSeconds(since), abortSignal: signal }),
    );
  } catch (error) {
    if (!signal.aborted && !hasStatus(error, 404)) throw error;
  }
}

/** Seconds since 1970 with all the nanoseconds that the text has: more digits than a number can hold. */
function toSeconds(at: string | undefined): string | undefined {
  if (at === undefined) return undefined;
  const [, nanoseconds = ''] = /\.(\d+)/.exec(at) ?? [];
  return `${Math.floor(Date.parse(at) / 1000)}.${nanoseconds.padEnd(9, '0')}`;
}
