import { isMeshError, MeshError } from '../core/errors.ts';
import { toProblem } from '../core/problem.ts';
import { showControls, toShownJson } from '../core/text.ts';

/** Where a command's results go. */
export interface Output {
  readonly json: boolean;
  /** Aborts when nobody reads the results any more: what prints until it is told to stop, stops. */
  readonly closed: AbortSignal;
  /** Prints a result: as JSON, or as people read it; without `render`, they have been told already. */
  print(value: unknown, render?: () => string): void;
  /** Prints one of several results, one line each. */
  printLine(value: unknown, render: () => string): void;
}

const closed = new AbortController();

/** Bears with a reader that has had enough (`goose-mesh logs | head`). What has begun is still done to its end. */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO: the terminal was closed.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      closed.abort(error);
    });
  }
}

export function createOutput(json: boolean): Output {
  return {
    json,
    closed: closed.signal,
    print(value, render) {
      if (json) write(toShownJson(value, 2));
      else if (render !== undefined) write(render());
    },
    printLine(value, render) {
      write(json ? toShownJson(value) : render());
    },
  };
}

/** Prints an error to standard error and sets the exit code: one line and a hint for a known one, else a stack. */
export function reportError(error: unknown, json: boolean): void {
  const known = isMeshError(error) ? error : undefined;
  process.exitCode = known?.exitCode ?? 70;
  if (json) {
    const problem =
      known ?? new MeshError('internal', error instanceof Error ? error.message : String(error));
    process.stderr.write(`${toShownJson(toProblem(problem))}\n`);
    return;
  }
  if (known === undefined || known.code === 'internal') {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`goose-mesh: a bug of ours, please report it:\n${showControls(stack)}\n`);
    return;
  }
  process.stderr.write(`goose-mesh: ${showControls(known.message)}\n`);
  if (known.hint !== undefined) process.stderr.write(`  Try: ${showControls(known.hint)}\n`);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
