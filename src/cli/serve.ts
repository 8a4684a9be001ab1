import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { PartConfig } from '../core/config.ts';
import { MeshError, messageOf } from '../core/errors.ts';
import { createLogger, type Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';

/** How long what still holds the event loop (a pooled socket, a library's timer) may keep a stopped part alive. */
const LINGER_MS = 250;

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
  const stopped = waitForStop(values.tied);
  const config = await readConfig(values.config);
  const log = createLogger(config.part, 'name' in config ? config.name : undefined);
  try {
    const part = await Promise.race([startPart(config, log), stopped]);
    if (part !== undefined) await run(part, stopped, log);
    log.info('stopped');
  } catch (error) {
    log.fatal({ err: error }, 'cannot serve');
    process.exitCode = 1;
  }
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

async function run(part: RunningPart, stopped: Promise<undefined>, log: Logger): Promise<void> {
  log.info({ port: part.port }, 'ready');
  try {
    await Promise.race([part.failed, stopped]);
  } finally {
    await part.close();
  }
}

/** Loads nothing but what the part needs: a guard need not wait for the controller's modules. */
async function startPart(config: PartConfig, log: Logger): Promise<RunningPart> {
  switch (config.part) {
    case 'database':
      return (await import('../database/start.ts')).startDatabase(config, log);
    case 'controller':
      return (await import('../controller/start.ts')).startController(config, log);
    case 'guard':
      return (await import('../guard/start.ts')).startGuard(config, log);
    case 'agent':
      // What Goose writes is as private as what it is told.
      process.umask(0o077);
      return (await import('../agent/start.ts')).startAgent(config, log);
    case 'model':
      return (await import('../scenario/rehearsal/start.ts')).startModel(config, log);
  }
}

function waitForStop(tied: boolean): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = () => {
      resolve(undefined);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    if (tied) process.stdin.once('close', stop).resume();
  });
}

async function readConfig(path: string | undefined): Promise<PartConfig> {
  if (path === undefined) throw new MeshError('usage', 'serve needs --config FILE, but none was given.');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new MeshError('configuration', `The configuration ${path} cannot be read: ${messageOf(error)}.`);
  });
  return PartConfig.parse(JSON.parse(text));
}
