import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export interface ProcessGroup {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with a description when the program has ended. What it had started is ended then as well. */
  readonly ended: Promise<string>;
  /** Ends the program and all that it has started. */
  readonly kill: () => void;
}

/**
 * Becomes the program in `$@`, after leaving behind a subshell that ends the whole process group once the pipe on
 * descriptor 3 closes: with this process, even if that is killed. Only what is built into a POSIX shell is used: a
 * container may have nothing else.
 */
const TIE = `
(read -r _ <&3; kill -s KILL 0) >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/**
 * Starts a program as the leader of a process group that does not outlive it. Goose's shell tool starts programs that
 * would go on after Goose was killed, beside the same ones which it starts again.
 */
export function spawnGroup(
  command: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): ProcessGroup {
  const child = spawn('/bin/sh', ['-c', TIE, 'tie', ...command], {
    env,
    cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  child.stdio[3]?.on('error', () => undefined);
  const kill = () => {
    killGroup(child);
  };
  return { child, ended: awaitEnd(child).finally(kill), kill };
}

function awaitEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${code ?? '?'}`);
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
