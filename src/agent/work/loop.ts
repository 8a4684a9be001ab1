import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMeshError } from '../../core/errors.ts';
import type { AgentContext } from '../context.ts';
import { runClaim } from './run-claim.ts';

const WAIT_MS = 30_000;
const RETRY_MS = 500;

/**
 * Claims tasks and works on as many at a time as the profile allows, until `signal` aborts. Resolves when all
 * work has ended; `running` tells of it meanwhile. Throws what makes further claims pointless, such as credentials that are no longer valid.
 */
export async function workUntil(
  agent: AgentContext,
  running: Map<string, Promise<void>>,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted) {
      if (running.size >= agent.profile.goose.sessions) {
        await Promise.race([...running.values(), onAbort(signal)]);
        continue;
      }
      const claim = await claimNext(agent, signal);
      if (claim === undefined) continue;
      const { id } = claim.session;
      // An answer can bring a session back while its last claim is still being put away.
      const work = runClaim(agent, claim, { after: running.get(id), signal }).finally(() => {
        if (running.get(id) === work) running.delete(id);
      });
      running.set(id, work);
    }
  } finally {
    await Promise.all(running.values());
  }
}

/** Waits for the next task. Undefined: none came, or the controller is away for longer than the agent's patience. */
async function claimNext({ client, log }: AgentContext, signal: AbortSignal) {
  try {
    return await client.tasks.claim(randomUUID(), WAIT_MS, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!isMeshError(error) || !error.retryable) throw error;
    log.warn({ err: error }, 'the controller is away');
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    return undefined;
  }
}

function onAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
