import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { findGooseBinary } from '../../../src/agent/goose/binary.ts';
import { GOOSE_PLATFORM_EXTENSIONS } from '../../../src/core/profile.ts';
import { writeTree } from '../../mesh/docker/support/tree.ts';
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

/** A configuration with some tools of one extension: those that it does not list switch themselves on. */
function configure(tools: readonly string[]): string {
  const extensions = GOOSE_PLATFORM_EXTENSIONS.map((name) => {
    const enabled = name === 'developer' && tools.length > 0;
    return [name, { type: 'platform', name, enabled, available_tools: tools }];
  });
  return stringify({ extensions: Object.fromEntries(extensions) as unknown });
}

test.each(PROVIDERS)('Goose with its provider %s by %s', async (provider, path, settings) => {
  await using guard = await runGuard();
  guard.provider.answer = parrot;
  const root = await makeRoot();
  await writeTree(root, { 'config/config.yaml': configure([]) });
  const { stdout } = await runGoose(root, SAID, {
    GOOSE_PROVIDER: provider,
    ...settings(guard.url, await guard.controller.token()),
  });
  expect(stdout).toContain(SAID);
  const asked = guard.provider.received.filter(({ url, body }) => url === path && body.includes('Write to'));
  expect(asked.length).toBeGreaterThan(0);
  expectMasked({ received: asked });
});

test.each(PROVIDERS)(
  'the shell of Goose gets what was said, with %s by %s',
  async (provider, _path, settings) => {
    await using guard = await runGuard();
    guard.provider.answer = parrot;
    const root = await makeRoot();
    await writeTree(root, { 'config/config.yaml': configure(['shell']) });
    const key = await guard.controller.token();
    await runGoose(root, `echo '${SAID}' > said.txt`, {
      GOOSE_PROVIDER: provider,
      ...settings(guard.url, key),
    });
    expect(await readFile(join(root, 'said.txt'), 'utf8')).toBe(`${SAID}\n`);
    expectMasked({ received: guard.provider.received.filter(({ body }) => body.includes('said.txt')) });
  },
);

async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'gm-goose-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

/** Says one thing to a Goose that has no past. */
async function runGoose(root: string, text: string, settings: Record<string, string>) {
  return execa(findGooseBinary(), ['run', '--no-session', '--quiet', '--text', text], {
    cwd: root,
    extendEnv: false,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: root,
      GOOSE_PATH_ROOT: root,
      GOOSE_DISABLE_KEYRING: '1',
      GOOSE_TELEMETRY_OFF: '1',
      GOOSE_MODE: 'auto',
      GOOSE_DISABLE_SESSION_NAMING: 'true',
      ...settings,
    },
  });
}
