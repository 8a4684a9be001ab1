import { createClient } from '../client/client.ts';
import type { GuardConfig } from '../core/config.ts';
import { startHttpServer } from '../core/http-server.ts';
import type { Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';
import { createAudit } from './audit.ts';
import { createAuthenticate } from './authenticate.ts';
import { createPermit } from './budget.ts';
import { createPrepareDetection } from './detection.ts';
import { createAskDetector } from './external-detector/ask.ts';
import { createGate } from './gate.ts';
import { createKeys } from './keys.ts';
import { createLiveKnowledge } from './knowledge.ts';
import { createMetrics } from './metrics.ts';
import { createModes } from './modes.ts';
import { inMode } from './privacy.ts';
import { createApp } from './server.ts';
import { createUpstream } from './upstream.ts';

/**
 * Starts the guard of one agent: listens at once, and resolves when it knows the controller's keys. Stateless but for
 * audit rows that the controller has not taken yet.
 *
 * @throws MeshError unavailable (the controller gives no keys), environment (the port is taken), configuration (a list
 *   of the directory cannot be read)
 */
export async function startGuard(config: GuardConfig, log: Logger): Promise<RunningPart> {
  const client = createClient({ baseUrl: config.controller.url, credentials: config.client });
  const audit = createAudit((calls) => client.guard.report(calls), log);
  const keys = createKeys(config.controller.url, log);
  const upstream = createUpstream(config.upstream, config.limits);
  const modes = createModes({ client, role: config.role, initial: config.privacy.mode, log });
  const knowledge = createLiveKnowledge(config.knowledge, log);
  const detector = config.knowledge?.detector;
  const ask = detector === undefined ? undefined : createAskDetector(detector, log);
  const app = createApp({
    authenticate: createAuthenticate(config.mesh, config.agent, keys),
    isReady: () => keys.isReady(),
    audit,
    upstream,
    maskKey: config.mask_key,
    prepareDetection: createPrepareDetection(knowledge, ask),
    privacyOf: () => inMode(config.privacy, modes.current()),
    permit: createPermit(client, config.budgeted),
    gate: createGate(config.limits),
    metrics: createMetrics(),
    log,
  });

  // In the order of closing: calls end, which closes their rows, which still need the client.
  const open: { close(): Promise<void> | void }[] = [knowledge, modes, keys, upstream, audit, client];
  const close = async () => {
    for (const part of open.splice(0)) await part.close();
  };
  try {
    await knowledge.load();
    const server = await startHttpServer(app.fetch, config.listen);
    open.unshift(server);
    await keys.load();
    await modes.follow();
    return { port: server.port, failed: new Promise<never>(() => undefined), close };
  } catch (error) {
    await close();
    throw error;
  }
}
