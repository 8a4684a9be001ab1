import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { findGooseBinary } from '../../../src/agent/goose/binary.ts';
import { runGuard } from '../support/guard.ts';
import { expectMasked, SAID } from '../support/ledger.ts';
import { parrot } from '../support/parrot.ts';

/** The settings by which Goose uses a provider, with the guard in its place. */
type Settings = (url: string, key: string) => Record<string, string>;

const PROVIDERS: readonly (readonly [string, string, Settings])[] = [
  [
    'openai',
    '/v1/chat/completions',
    (url, key) => ({ GOOSE_MODEL: 'gpt-4o', OPENAI_HOST: url, OPENAI_API_KEY: key }),
  ],
  [
    'openai',
    '/v1/responses',
    (url, key) => ({ GOOSE_MODEL: 'gpt-5', OPENAI_HOST: url, OPENAI_API_KEY: key }),
  ],
  [
    'anthropic',
    '/v1/messages',
    (url, key) => ({ GOOSE_MODEL: 'claude-sonnet-4-5', ANTHROPIC_HOST: url, ANTHROPIC_API_KEY: key }),
  ],
  [
    'openrouter',
    '/v1/chat/completions',
    (url, key) => ({ GOOSE_MODEL: 'a/b', OPENROUTER_HOST: url, OPENROUTER_API_KEY: key }),
  ],
  [
    'azure_openai',
    '/v1/chat/completions',
    (url, key) => ({
      GOOSE_MODEL: 'gpt-4o',
      AZURE_OPENAI_ENDPOINT: url,
      AZURE_OPENAI_DEPLOYMENT_NAME: 'parrot',
      AZURE_OPENAI_API_VERSION: '2024-10-21',
      AZURE_OPENAI_API_KEY: key,
    }),
  ],
];

test.each(PROVIDERS)('Goose with its provider %s by %s', async (provider, path, settings) => {
  await using guard = await runGuard();
  guard.provider.answer = parrot;
  const { stdout } = await runGoose({
    GOOSE_PROVIDER: provider,
    ...settings(guard.url, await guard.controller.token()),
  });
  expect(stdout).toContain(SAID);
  const asked = guard.provider.received.filter(({ url, body }) => url === path && body.includes('Write to'));
  expect(asked.length).toBeGreaterThan(0);
  expectMasked({ received: asked });
});

/** Says one thing to a Goose that has no tools and no past. */
async function runGoose(settings: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'gm-goose-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return execa(findGooseBinary(), ['run', '--no-session', '--no-profile', '--quiet', '--text', SAID], {
    cwd: root,
    extendEnv: false,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: root,
      GOOSE_PATH_ROOT: root,
      GOOSE_DISABLE_KEYRING: '1',
      GOOSE_TELEMETRY_OFF: '1',
      GOOSE_DISABLE_SESSION_NAMING: 'true',
      ...settings,
    },
  });
}
