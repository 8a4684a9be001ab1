import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { GOOSE_PLATFORM_EXTENSIONS, type Profile } from '../../core/profile.ts';

export interface GooseSetup {
  readonly dataDir: string;
  readonly profile: Profile;
  readonly model: string;
  /** Where Goose finds its model and its tools: the relay of this agent, on loopback. */
  readonly relay: { readonly url: string; readonly modelPath: string; readonly key: string };
}

/** Goose's three roots below the agent's data directory: config, data (its sessions) and state (its logs). */
export const gooseRoot = (dataDir: string): string => join(dataDir, 'goose');

/** Writes Goose's configuration: every platform extension is off unless the profile turns it on. */
export async function writeGooseConfig({ dataDir, profile }: GooseSetup): Promise<void> {
  const config = join(gooseRoot(dataDir), 'config');
  await mkdir(config, { recursive: true, mode: 0o700 });
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
    GOOSE_PATH_ROOT: gooseRoot(dataDir),
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
