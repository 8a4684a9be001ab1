import type { ModelConfig } from '../../core/config.ts';
import { startHttpServer } from '../../core/http-server.ts';
import type { Logger } from '../../core/log.ts';
import type { RunningPart } from '../../core/part.ts';
import { buildModelApp } from './server.ts';

/** Starts the scripted model of test meshes. */
export async function startModel(config: ModelConfig, log: Logger): Promise<RunningPart> {
  const app = buildModelApp(config);
  app.onError((error, c) => {
    log.warn({ err: error }, 'a request to the rehearsal model failed');
    return c.json({ error: { message: error.message, type: 'invalid_request_error', code: 'invalid' } }, 400);
  });
  const server = await startHttpServer(app.fetch, config.listen);
  return { port: server.port, failed: new Promise<never>(() => undefined), close: () => server.close() };
}
