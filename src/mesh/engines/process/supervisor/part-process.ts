import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { READY_MESSAGE } from '../../../../core/config.ts';
import { messageOf } from '../../../../core/errors.ts';
import { nodeOptions } from '../../node-options.ts';
import { readPartLine } from '../../part-log.ts';
import { selectEnvironment } from '../environment.ts';
import { PROGRAM } from '../program.ts';
import type { PlannedService } from '../wire.ts';
import type { LogFile } from './log-file.ts';

/** The process of a part. */
export interface PartProcess {
  readonly pid: number | undefined;
  readonly startedAt: Date;
  /** Resolves when the part serves; pends for ever if it never does. */
  readonly ready: Promise<undefined>;
  isReady(): boolean;
  /** What it said last; it goes on saying more. */
  readonly lastLines: readonly string[];
  readonly ended: Promise<PartEnd>;
  /** Asks it to end, and ends it with all its children if that takes too long. */
  stop(): Promise<void>;
  /** Ends it, and it alone, as a crash would. */
  kill(): void;
}

export interface PartEnd {
  /** Its signal or exit code. */
  readonly how: string;
  readonly wasReady: boolean;
  readonly lastedMs: number;
  readonly lastLines: readonly string[];
}

const LINES_KEPT = 15;

/** How long a part may take to end in order. */
const STOP_MS = 5_000;

/** What the part has said last may be on its way for a moment. */
const LAST_WORDS_MS = 100;

/**
 * Starts a part as a process that ends when this one does, for its standard input then ends (`--tied`). It leads a
 * process group that ends with it: what a killed part had started must not go on beside what its successor starts.
 */
export function spawnPart(
  { config, memoryMb }: PlannedService,
  configFile: string,
  log: LogFile,
): PartProcess {
  const startedAt = new Date();
  const ready = Promise.withResolvers<undefined>();
  const lastLines: string[] = [];
  let isReady = false;

  const child = spawn(process.execPath, [PROGRAM, 'serve', config.part, '--config', configFile, '--tied'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...selectEnvironment(process.env), NODE_OPTIONS: nodeOptions({ memoryMb }) },
  });
  // It may be gone when its input is closed.
  child.stdin.on('error', () => undefined);
  const readLines = (stream: Readable) => {
    createInterface({ input: stream }).on('line', (text) => {
      log.write(text);
      lastLines.push(text);
      if (lastLines.length > LINES_KEPT) lastLines.shift();
      if (isReady || readPartLine(text).message !== READY_MESSAGE) return;
      isReady = true;
      ready.resolve(undefined);
    });
  };
  readLines(child.stdout);
  readLines(child.stderr);

  return {
    pid: child.pid,
    startedAt,
    ready: ready.promise,
    isReady: () => isReady,
    lastLines,
    ended: awaitEnd(child).then((how) => ({
      how,
      wasReady: isReady,
      lastedMs: Date.now() - startedAt.getTime(),
      lastLines,
    })),
    stop: () => stopInOrder(child),
    kill: () => child.kill('SIGKILL'),
  };
}

async function awaitEnd(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<string> {
  const silent = Promise.all([once(child.stdout, 'close'), once(child.stderr, 'close')]);
  try {
    await once(child, 'exit');
  } catch (error) {
    return messageOf(error);
  }
  killGroup(child);
  await Promise.race([silent, delay(LAST_WORDS_MS, undefined, { ref: false })]);
  return child.signalCode ?? `code ${child.exitCode ?? '?'}`;
}

async function stopInOrder(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  // Nothing keeps it alive then once its work has ended.
  child.stdin.end();
  const late = setTimeout(() => {
    killGroup(child);
  }, STOP_MS);
  await once(child, 'exit');
  clearTimeout(late);
}

function killGroup({ pid }: { readonly pid?: number | undefined }): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
