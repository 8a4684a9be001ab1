import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../mesh/engine.ts';

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 30_000;

/**
 * Ends a service as a crash would and waits until the engine has started it again. Gives which process it was and which
 * it is then: the same one if that has not happened in time.
 */
export async function killService(
  engine: Engine,
  service: string,
  signal: AbortSignal,
): Promise<{ readonly before: string; readonly after: string }> {
  const before = (await identify(engine, service)) ?? 'none';
  await engine.kill(service);
  const giveUpAt = performance.now() + PATIENCE_MS;
  // An engine has no word for it; in Docker the process may even live on for a moment.
  let after = await identify(engine, service);
  while ((after === undefined || after === before) && performance.now() < giveUpAt) {
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    after = await identify(engine, service);
  }
  return { before, after: after ?? before };
}

/** Undefined: it is not running. */
async function identify(engine: Engine, service: string): Promise<string | undefined> {
  const found = (await engine.status()).find((candidate) => candidate.service === service);
  return found?.state === 'running' ? `${found.id} of ${found.startedAt ?? '?'}` : undefined;
}
