import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { MeshError } from '../../../core/errors.ts';
import { selectEnvironment } from './environment.ts';
import type { Place } from './place.ts';
import { PROGRAM } from './program.ts';

const LINES_SHOWN = 5;

/**
 * Starts the supervisor and resolves when it can be asked. It has a session of its own, so that neither a closed
 * terminal nor Ctrl+C reaches it. With `tied` its standard input is a pipe from this process, which closes when
 * this process ends in whatever way, and the supervisor then ends too.
 */
export async function launchSupervisor(place: Place, tied: boolean): Promise<void> {
  await using log = await open(place.supervisorLog, 'a', 0o600);
  const tie = tied ? ['--tied'] : [];
  const child = spawn(process.execPath, [PROGRAM, 'supervise', '--state', place.stateDir, ...tie], {
    detached: true,
    stdio: [tied ? 'pipe' : 'ignore', 'pipe', log.fd],
    env: selectEnvironment(process.env),
  });
  const { stdin, stdout } = child;
  if (stdout === null) throw new Error('standard output is a pipe');

  // It says one word when it listens, and ends well if another supervisor does already.
  await Promise.race([once(stdout, 'data'), once(child, 'exit')]);
  if (child.signalCode !== null || (child.exitCode ?? 0) !== 0) throw await describeFailure(place);

  // This process may end without waiting for it.
  stdout.destroy();
  child.unref();
  if (stdin instanceof Socket) stdin.unref();
}

async function describeFailure({ supervisorLog }: Place): Promise<MeshError> {
  const lines = (await readFile(supervisorLog, 'utf8')).trimEnd().split('\n').slice(-LINES_SHOWN);
  return new MeshError('environment', `The supervisor of the mesh could not start: ${lines.join('\n  ')}`, {
    hint: `All that it said is in ${supervisorLog}.`,
  });
}
