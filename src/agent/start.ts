import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '../client/client.ts';
import type { AgentConfig } from '../core/config.ts';
import { isMeshError, MeshError, messageOf } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';
import type { Profile } from '../core/profile.ts';
import type { AgentContext } from './context.ts';
import { findGooseBinary } from './goose/binary.ts';
import { type GooseLender, openGooseLender } from './goose/lend.ts';
import { openRelay, type Relay } from './relay/relay.ts';
import { workUntil } from './work/loop.ts';
import { followEnds } from './work/tidy.ts';

/** How long the agent waits for a controller that is away: restarts and redeployments are shorter than this. */
const PATIENCE_MS = 120_000;

/** How long turns may take to be cancelled: Goose does not listen while it waits to try a model again. */
const CANCEL_MS = 1000;
/** How long the agent tries to say goodbye to a controller that may be gone as well. */
const GOODBYE_MS = 1000;

/**
 * Starts an agent: gets its profile, sets Goose up by it, starts Goose, reports itself ready and works. Without a
 * valid profile it does not start; it tells the controller why, and never writes a refusal into a configuration.
 *
 * @throws MeshError forbidden or unknown_role (no profile), environment (Goose is missing or does not start)
 */
export async function startAgent(config: AgentConfig, log: Logger): Promise<RunningPart> {
  const instance = randomUUID();
  const client = createClient({
    baseUrl: config.controller.url,
    credentials: config.client,
    retryForMs: PATIENCE_MS,
  });
  let relay: Relay | undefined;
  let goose: GooseLender | undefined;
  try {
    const profile = await client.profiles.get(config.role);
    relay = await openRelay({
      controllerUrl: config.controller.url,
      guardUrl: config.guard.url,
      agentToken: () => client.token(),
      log,
    });
    goose = await startGooseFor(config, profile, relay, log);
    await client.agents.register(config.name, { instance, status: 'ready', goose_version: goose.version });
    return run({ config, profile, client, relay, goose, patienceMs: PATIENCE_MS, log }, instance);
  } catch (error) {
    await goose?.[Symbol.asyncDispose]();
    await relay?.[Symbol.asyncDispose]();
    await refuse(client, config, instance, error);
    await client.close();
    throw error;
  }
}

async function startGooseFor(
  config: AgentConfig,
  profile: Profile,
  relay: Relay,
  log: Logger,
): Promise<GooseLender> {
  if (profile.role !== config.role) {
    throw new MeshError(
      'forbidden',
      `Expected the profile of ${config.role}, got the one of ${profile.role}.`,
    );
  }
  await mkdir(config.data_dir, { recursive: true, mode: 0o700 });
  return openGooseLender({
    binary: config.goose ?? findGooseBinary(),
    dataDir: config.data_dir,
    profile,
    model: config.model,
    relay,
    log,
  });
}

function run(agent: AgentContext, instance: string): RunningPart {
  const stop = new AbortController();
  const running = new Map<string, Promise<void>>();
  const working = workUntil(agent, running, stop.signal);
  void followEnds(agent, running, stop.signal);
  return {
    port: undefined,
    failed: working.then(() => new Promise<never>(() => undefined)),
    async close() {
      stop.abort();
      await Promise.race([working.catch(() => undefined), sleep(CANCEL_MS, undefined, { ref: false })]);
      // The controller gives back at once what is still open here, instead of waiting for the leases to run out.
      await agent.client.agents
        .register(agent.config.name, { instance, status: 'stopped' }, AbortSignal.timeout(GOODBYE_MS))
        .catch(() => undefined);
      await agent.goose[Symbol.asyncDispose]();
      await agent.relay[Symbol.asyncDispose]();
      await agent.client.close();
    },
  };
}

/** Tells the controller why there will be no agent, if it can be told. */
async function refuse(client: Client, config: AgentConfig, instance: string, error: unknown): Promise<void> {
  const reason = isMeshError(error)
    ? [error.message, error.hint].filter(Boolean).join(' ')
    : messageOf(error);
  await client.agents.register(config.name, { instance, status: 'refused', reason }).catch(() => undefined);
}
