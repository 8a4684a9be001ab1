import { isMeshError, MeshError } from '../core/errors.ts';

/**
 * One Ctrl-C may come more than once: the terminal sends it to every program of the command line, and npm, npx and
 * our own start under an old Node hand theirs on.
 */
const SAME_KEYSTROKE_MS = 300;

const INTERRUPTIONS = {
  SIGINT: () => new MeshError('interrupted', 'Interrupted by Ctrl-C.'),
  SIGTERM: () => new MeshError('terminated', 'Told to end by SIGTERM.'),
  // What a closed terminal sends.
  SIGHUP: () => new MeshError('terminated', 'Told to end by SIGHUP.'),
} as const;
const SIGNALS = Object.keys(INTERRUPTIONS) as readonly (keyof typeof INTERRUPTIONS)[];

/**
 * Runs work that is asked to end, by its signal, at the first Ctrl-C, SIGTERM or SIGHUP; another one ends the process at
 * once. Work that breaks off because of it throws what the exit code is made from.
 *
 * @throws MeshError interrupted, terminated
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  let firstAt = 0;
  const onSignal = (name: keyof typeof INTERRUPTIONS) => {
    const interruption = INTERRUPTIONS[name]();
    if (!signal.aborted) {
      firstAt = performance.now();
      controller.abort(interruption);
    } else if (performance.now() - firstAt > SAME_KEYSTROKE_MS) {
      process.exit(interruption.exitCode);
    }
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await work(signal);
  } catch (error) {
    // What is not known is how a library says that it was aborted.
    if (!isMeshError(error)) signal.throwIfAborted();
    throw error;
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** The same for what goes on until it is interrupted. That is no mishap then: as with `tail -f` only the exit code tells. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  await interruptible(async (signal) => {
    await work(signal);
    if (isMeshError(signal.reason)) process.exitCode = signal.reason.exitCode;
  });
}
