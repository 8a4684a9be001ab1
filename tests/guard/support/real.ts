import { pino } from 'pino';
import { CallLimits } from '../../../src/core/budget.ts';
import type { GuardConfig } from '../../../src/core/config.ts';
import { PrivacyPolicy } from '../../../src/core/privacy.ts';
import { startGuard } from '../../../src/guard/start.ts';
import type { TestController } from '../../support/controller.ts';
import { ask } from './guard.ts';
import type { TestProvider } from './provider.ts';

/** A guard of finance that is part of a real mesh, and finance itself as its caller. */
export async function joinGuard(
  mesh: TestController,
  provider: TestProvider,
  changes: Partial<GuardConfig> = {},
) {
  const config: GuardConfig = {
    part: 'guard',
    mesh: 'test',
    listen: { host: '127.0.0.1', port: 0 },
    controller: { url: mesh.url },
    client: mesh.credentialsOf('guard:finance'),
    agent: 'finance',
    role: 'finance',
    mask_key: 'a mask key of at least thirty-two characters',
    privacy: PrivacyPolicy.parse({}),
    limits: CallLimits.parse({}),
    budgeted: false,
    upstream: { base_url: `${provider.url}/v1`, api_key: 'key', private_hosts: ['127.0.0.1'] },
    ...changes,
  };
  const guard = await startGuard(config, pino({ level: process.env['GM_TEST_LOG'] ?? 'silent' }));
  const url = `http://127.0.0.1:${guard.port ?? 0}`;
  return {
    url,
    chat: async (content: string, actor = 'agent:finance') =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await mesh.as(actor).token()}`,
        },
        body: JSON.stringify(ask(content)),
      }),
    [Symbol.asyncDispose]: () => guard.close(),
  };
}
