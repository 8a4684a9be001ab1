import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { gooseState } from '../../core/goose-state.ts';
import { GOOSE_PLATFORM_EXTENSIONS, type Profile } from '../../core/profile.ts';

export interface GooseSetup {
  /** Goose's root: it has its config, its data (conversations) and its state there. */
  readonly dataDir: string;
  readonly profile: Profile;
  readonly model: string;
  /** Where Goose finds its model and its tools: the relay of this agent, on loopback. */
  readonly relay: { readonly url: string; readonly modelPath: string; readonly key: string };
}

/** For files that tools drop on the way, such as long output of the shell: as private as the prompts. */
const temporary = (dataDir: string): string => join(gooseState(dataDir), 'tmp');

/** Makes Goose's directories and its configuration: every platform extension is off unless the profile turns it on. */
export async function prepareGoose({ dataDir, profile }: GooseSetup): Promise<void> {
  const config = join(dataDir, 'config');
  for (const directory of [config, temporary(dataDir)])
    await mkdir(directory, { recursive: true, mode: 0o700 });
  const extensions = GOOSE_PLATFORM_EXTENSIONS.map((name) => [
    name,
    { type: 'platform', name, enabled: profile.goose.extensions.includes(name) },
  ]);
  const yaml = stringify({ extensions: Object.fromEntries(extensions) as Record<string, unknown> });
  await writeFile(join(config, 'config.yaml'), yaml, { mode: 0o600 });
}

/**
 * The whole environment of Goose, which its shell tool can read: no secret but the relay's key, which opens
 * nothing outside this container. A custom base path keeps Goose on the chat shape for every model name.
 */
export function gooseEnvironment({ dataDir, profile, model, relay }: GooseSetup): Record<string, string> {
  const { PATH, SSL_CERT_FILE, TZ } = process.env;
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(SSL_CERT_FILE === undefined ? {} : { SSL_CERT_FILE }),
    ...(TZ === undefined ? {} : { TZ }),
    HOME: dataDir,
    TMPDIR: temporary(dataDir),
    GOOSE_PATH_ROOT: dataDir,
    GOOSE_PROVIDER: 'openai',
    GOOSE_MODEL: model,
    GOOSE_MODE: 'auto',
    GOOSE_MAX_TURNS: String(profile.goose.max_turns),
    GOOSE_DISABLE_KEYRING: '1',
    GOOSE_DISABLE_SESSION_NAMING: 'true',
    GOOSE_TELEMETRY_OFF: '1',
    OPENAI_HOST: relay.url,
    OPENAI_BASE_PATH: relay.modelPath,
    OPENAI_API_KEY: relay.key,
  };
}
