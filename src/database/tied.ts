import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Owner } from './owner.ts';

export interface TiedProcess {
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
  signal(signal: NodeJS.Signals): void;
}

export interface TieOptions {
  readonly owner: Owner;
  readonly cwd: string;
  readonly orphanSignal: 'QUIT' | 'TERM';
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads from its standard input. */
  readonly input?: string;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Becomes the program in `$@`, after leaving behind a subshell that signals it once the pipe on descriptor 3 closes
 * without the word that the program has ended. `$$` is the program's process id also in the subshell, since `exec`
 * keeps it. Only what is built into a POSIX shell is used: a container may have nothing else.
 */
const TIE = `
signal=$1; shift
(read -r ended <&3 || kill -s "$signal" $$) >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/** A session process may outlive a killed server for a while, and keeps standard error open. */
const LAST_WORDS_MS = 100;

/**
 * Starts a PostgreSQL program as the owner of its files, so that it never outlives this process: even when this
 * one is killed by SIGKILL, the program gets `orphanSignal`.
 *
 * It has a session of its own, so that Ctrl+C in a terminal reaches this process alone, which then ends it.
 */
export function spawnTied(command: readonly string[], options: TieOptions): TiedProcess {
  const { owner, cwd, orphanSignal, input } = options;
  const child = spawn('/bin/sh', ['-c', TIE, 'tie', orphanSignal, ...command], {
    cwd,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...options.env },
    ...(owner.isOther ? { uid: owner.uid, gid: owner.gid } : {}),
  });
  const { stdin, stderr } = child;
  if (stderr === null) throw new Error('standard error is a pipe');
  // A program that ends without having read it all says why by itself.
  stdin?.on('error', () => undefined).end(input);
  return { stderr, exited: awaitExit(child, stderr), signal: (signal) => void child.kill(signal) };
}

/** Resolves when it has ended and its last words were read; rejects if it could not be started at all. */
async function awaitExit(child: ChildProcess, stderr: Readable): Promise<Exit> {
  const silent = once(stderr, 'close');
  await once(child, 'exit');
  const tie = child.stdio[3];
  // The subshell may be gone before the word reaches it.
  if (tie instanceof Socket) tie.on('error', () => undefined).end('ended\n', () => tie.destroy());
  await Promise.race([silent, delay(LAST_WORDS_MS, undefined, { ref: false })]);
  return { code: child.exitCode, signal: child.signalCode };
}
