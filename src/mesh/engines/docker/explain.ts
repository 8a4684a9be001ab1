import { MeshError, messageOf } from '../../../core/errors.ts';

/** The engine has ended, or was never there. */
const LOST: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Gives what Docker, or the way to it, has failed with as an error of the environment; any other as it is. */
export function explainDockerError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('statusCode' in error) {
    // dockerode's own words: "(HTTP code 500) server error - no space left on device ".
    const reason = messageOf(error)
      .replace(/^\(HTTP code \d+\) .*? - /, '')
      .trim();
    return new MeshError('environment', `Docker refused: ${reason}`, { cause: error });
  }
  if ('code' in error && LOST.has(error.code)) {
    return new MeshError('environment', `The Docker engine does not answer any more: ${messageOf(error)}.`, {
      hint: 'See what became of it: systemctl status docker, journalctl -u docker.',
      cause: error,
    });
  }
  return error;
}
