import type Dockerode from 'dockerode';
import { z } from 'zod';
import { READY_MESSAGE } from '../../../core/config.ts';
import { MeshError } from '../../../core/errors.ts';
import { followLog, readLog } from './log/read.ts';

/** How long a part may take to become ready. */
const LIMIT_MS = 60_000;

/** How much of its log explains why it did not. */
const LAST_LINES = 15;

/** What the lines of our parts look like (pino). */
const Line = z.looseObject({
  level: z.string(),
  msg: z.string(),
  err: z.looseObject({ message: z.string() }).optional(),
});

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
    const line = parseLine(text);
    if (line?.msg === READY_MESSAGE) return;
    last.push(line?.err === undefined ? (line?.msg ?? text) : `${line.msg}: ${line.err.message}`);
    if (line?.level === 'fatal') throw notReady(`${service} gave up before it was ready`, last);
  }
  signal.throwIfAborted();
  if (limit.aborted) throw notReady(`${service} was not ready within ${LIMIT_MS / 1000} seconds`, last);
  throw notReady(`${service} ended before it was ready${await describeEnd(container)}`, last);
}

/** Whether a container that runs has said that it is ready. */
export async function isReady(container: Dockerode.Container, startedAt: string): Promise<boolean> {
  // Older lines may have been rotated away, and a part that was not ready by then would not be there any more.
  if (Date.now() - Date.parse(startedAt) > LIMIT_MS) return true;
  for await (const { text } of readLog(container, startedAt)) {
    if (parseLine(text)?.msg === READY_MESSAGE) return true;
  }
  return false;
}

async function describeEnd(container: Dockerode.Container): Promise<string> {
  const { State } = await container.inspect();
  if (State.OOMKilled) return ' (it needed more memory than its limit)';
  // Unless the engine has started it again meanwhile.
  return State.Status === 'running' ? '' : ` (exit code ${State.ExitCode})`;
}

function parseLine(text: string) {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function notReady(what: string, lines: readonly string[]): MeshError {
  const shown = lines.slice(-LAST_LINES);
  const log = shown.length === 0 ? 'It logged nothing.' : `Its last lines:\n  ${shown.join('\n  ')}`;
  return new MeshError('environment', `${what}. ${log}`);
}
