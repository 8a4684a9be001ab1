import { pino } from 'pino';
import { CallLimits } from '../../../src/core/budget.ts';
import type { GuardConfig } from '../../../src/core/config.ts';
import { PrivacyPolicy } from '../../../src/core/privacy.ts';
import { startGuard } from '../../../src/guard/start.ts';
import { AGENT, MESH, startController, type TestController } from './controller.ts';
import { PROVIDER_KEY, startProvider, type TestProvider } from './provider.ts';

export interface TestGuard extends AsyncDisposable {
  readonly url: string;
  readonly controller: TestController;
  readonly provider: TestProvider;
  /** Everything that the guard has logged. */
  readonly log: readonly string[];
  /** Sends a chat request with a token of the agent; a string or bytes go out as they are. */
  chat(body: unknown, options?: ChatOptions): Promise<Response>;
  authorization(): Promise<{ readonly authorization: string }>;
  close(): Promise<void>;
}

interface ChatOptions {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A whole guard with its controller and provider, all over real HTTP. */
export async function runGuard(changes: Partial<GuardConfig> = {}): Promise<TestGuard> {
  const controller = await startController();
  const provider = await startProvider();
  const log: string[] = [];
  const guard = await startGuard(
    guardConfig(controller, provider, changes),
    pino({ level: 'debug' }, { write: (line) => log.push(line) }),
  );
  const url = `http://127.0.0.1:${guard.port ?? 0}`;
  const close = () => guard.close();
  const authorization = async () => ({ authorization: `Bearer ${await controller.token()}` });
  return {
    url,
    controller,
    provider,
    log,
    close,
    authorization,
    chat: async (body, { path = '/v1/chat/completions', headers = {}, signal } = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(await authorization()), ...headers },
        body:
          typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
            ? body
            : JSON.stringify(body),
        duplex: 'half',
        signal: signal ?? null,
      }),
    async [Symbol.asyncDispose]() {
      await close();
      await Promise.all([controller.close(), provider.close()]);
    },
  };
}

export function guardConfig(
  controller: TestController,
  provider: TestProvider,
  changes: Partial<GuardConfig> = {},
): GuardConfig {
  return {
    part: 'guard',
    mesh: MESH,
    listen: { host: '127.0.0.1', port: 0 },
    controller: { url: controller.url },
    client: { client_id: 'guard:finance', client_secret: 'secret' },
    agent: AGENT,
    role: 'finance',
    mask_key: 'a mask key of at least thirty-two characters',
    privacy: PrivacyPolicy.parse({}),
    limits: CallLimits.parse({}),
    budgeted: false,
    upstream: {
      base_url: `${provider.url}/v1`,
      api_key: PROVIDER_KEY,
      private_hosts: ['127.0.0.1'],
    },
    ...changes,
  };
}

export function ask(content: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return { model: 'gpt-test', messages: [{ role: 'user', content }], ...more };
}
