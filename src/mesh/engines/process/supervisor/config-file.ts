import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import type { PlannedService } from '../wire.ts';

/** Hands a part its configuration as a file that only this user can read. */
export async function writeConfig(place: Place, { name, config }: PlannedService): Promise<string> {
  const path = configPath(place, name);
  await mkdir(place.configDir, { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** It holds secrets, and the next `up` writes it anew. */
export async function removeConfig(place: Place, service: string): Promise<void> {
  await rm(configPath(place, service), { force: true });
}

function configPath(place: Place, service: string): string {
  return join(place.configDir, `${service}.json`);
}
