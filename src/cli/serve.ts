import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Part, PartConfig } from '../core/config.ts';
import { MeshError, messageOf } from '../core/errors.ts';
import { createLogger, type Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';

type Start = (config: PartConfig, log: Logger) => Promise<RunningPart>;

/** How each part is started. Loaded only when asked for: a guard need not load the controller. */
const STARTERS: Readonly<Record<Part, () => Promise<Start>>> = {
  database: async () => bind((await import('../database/start.ts')).startDatabase),
  controller: async () => bind((await import('../controller/start.ts')).startController),
  guard: async () => bind((await import('../guard/start.ts')).startGuard),
  agent: async () => bind((await import('../agent/start.ts')).startAgent),
  model: async () => bind((await import('../scenario/rehearsal/start.ts')).startModel),
};

/**
 * `goose-mesh serve <part> --config FILE [--tied]`: runs one part until a signal ends it. With `--tied` it also
 * ends when its standard input does, so that it never outlives the process that started it.
 */
export async function serve(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { config: { type: 'string' }, tied: { type: 'boolean', default: false } },
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { stop.abort(); });
  if (values.tied) process.stdin.once('close', () => { stop.abort(); }).resume();

  const config = await readConfig(values.config);
  const log = createLogger(config.part, 'name' in config ? config.name : undefined);
  try {
    const start = await STARTERS[config.part]();
    const part = await start(config, log);
    log.info({ port: part.port }, 'ready');
    await Promise.race([part.failed, aborted(stop.signal)]);
    await part.close();
    log.info('stopped');
  } catch (error) {
    log.fatal({ err: error }, 'cannot serve');
    process.exitCode = 1;
  }
  // Whatever still holds the event loop (a pooled socket, a timer of a library) must not keep the part alive.
  setTimeout(() => process.exit(), 250).unref();
}

async function readConfig(path: string | undefined): Promise<PartConfig> {
  if (path === undefined) throw new MeshError('usage', 'serve needs --config FILE, but none was given.');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new MeshError('configuration', `The configuration ${path} cannot be read: ${messageOf(error)}.`);
  });
  return PartConfig.parse(JSON.parse(text));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => { resolve(); }, { once: true });
  });
}

/** The config was parsed as a union; each starter gets its own member, since the table is keyed by it. */
function bind<C extends PartConfig>(start: (config: C, log: Logger) => Promise<RunningPart>): Start {
  return (config, log) => start(config as C, log);
}
