import type Dockerode from 'dockerode';
import { READY_MESSAGE } from '../../../core/config.ts';
import { explainFailure, readPartLine } from '../part-log.ts';
import { followLog, readLog } from './log/read.ts';

/** How long a part may take to become ready. */
const LIMIT_MS = 60_000;

/** After this long a part that was not ready would not be there: it has given up. Agents wait two minutes for a controller. */
const SETTLED_MS = 150_000;

/** How much of its log explains why it did not. */
const LAST_LINES = 15;

/**
 * Waits until the part in a container says that it is ready, by reading its log as it is written: nothing is asked
 * at intervals. Fails as soon as the part gives up or its container ends.
 */
export async function waitUntilReady(
  container: Dockerode.Container,
  service: string,
  signal: AbortSignal,
  since?: string,
): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const last: string[] = [];
  for await (const { text } of followLog(container, AbortSignal.any([signal, limit]), since)) {
    const { message, fatal } = readPartLine(text);
    if (message === READY_MESSAGE) return;
    last.push(text);
    if (last.length > LAST_LINES) last.shift();
    if (fatal !== undefined) throw explainFailure(`${service} gave up before it was ready`, last);
  }
  signal.throwIfAborted();
  if (limit.aborted) throw explainFailure(`${service} was not ready within ${LIMIT_MS / 1000} seconds`, last);
  throw explainFailure(`${service} ended before it was ready${await describeEnd(container)}`, last);
}

/** Whether a container that runs has said that it is ready. */
export async function isReady(container: Dockerode.Container, startedAt: string): Promise<boolean> {
  // Older lines may have been rotated away.
  if (Date.now() - Date.parse(startedAt) > SETTLED_MS) return true;
  for await (const { text } of readLog(container, startedAt)) {
    if (readPartLine(text).message === READY_MESSAGE) return true;
  }
  return false;
}

async function describeEnd(container: Dockerode.Container): Promise<string> {
  const { State } = await container.inspect();
  if (State.OOMKilled) return ' (it needed more memory than its limit)';
  // Unless the engine has started it again meanwhile.
  return State.Status === 'running' ? '' : ` (exit code ${State.ExitCode})`;
}
