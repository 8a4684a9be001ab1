import { createClient } from '../client/client.ts';
import type { GuardConfig } from '../core/config.ts';
import { startHttpServer } from '../core/http-server.ts';
import type { Logger } from '../core/log.ts';
import type { RunningPart } from '../core/part.ts';
import { createAudit } from './audit.ts';
import { createAuthenticate } from './authenticate.ts';
import { createKeys } from './keys.ts';
import { createApp } from './server.ts';
import { createUpstream } from './upstream.ts';

/**
 * Starts the guard of one agent: listens at once, and resolves when it knows the controller's keys. Stateless but for
 * audit rows that the controller has not taken yet.
 *
 * @throws MeshError unavailable (the controller gives no keys), environment (the port is taken)
 */
export async function startGuard(config: GuardConfig, log: Logger): Promise<RunningPart> {
  const resources = new AsyncDisposableStack();
  try {
    const client = createClient({ baseUrl: config.controller.url, credentials: config.client });
    resources.defer(() => client.close());
    const audit = createAudit((calls) => client.guard.report(calls), log);
    resources.defer(() => audit.close());
    const upstream = createUpstream(config.upstream);
    resources.defer(() => upstream.close());
    const keys = createKeys(config.controller.url, log);
    resources.defer(() => {
      keys.close();
    });
    const app = createApp({
      authenticate: createAuthenticate(config.mesh, config.agent, keys),
      isReady: () => keys.isReady(),
      audit,
      upstream,
      maskKey: config.mask_key,
      log,
    });
    const server = await startHttpServer(app.fetch, config.listen);
    resources.defer(() => server.close());

    await keys.load();
    return {
      port: server.port,
      failed: new Promise<never>(() => undefined),
      close: () => resources.disposeAsync(),
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}
