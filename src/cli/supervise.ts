import { parseArgs } from 'node:util';
import { MeshError } from '../core/errors.ts';
import { runSupervisor } from '../mesh/engines/process/supervisor/run.ts';

/**
 * `goose-mesh supervise --state DIR [--tied]`: runs the services of the process engine. The engine starts it; it is
 * not meant to be typed.
 */
export async function supervise(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { state: { type: 'string' }, tied: { type: 'boolean', default: false } },
  });
  if (values.state === undefined)
    throw new MeshError('usage', 'supervise needs --state DIR, but none was given.');
  await runSupervisor({ stateDir: values.state, tied: values.tied });
  // A tie that is still there, or a caller that does not hang up, must not keep it alive.
  setTimeout(() => process.exit(), 250).unref();
}
