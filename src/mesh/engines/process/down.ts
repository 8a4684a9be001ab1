import { rm, rmdir } from 'node:fs/promises';
import type { OnProgress } from '../../engine.ts';
import { requestStop } from './control-client.ts';
import type { Place } from './place.ts';

export interface DownOptions {
  readonly volumes: boolean;
  readonly onProgress?: OnProgress;
}

/** Ends the mesh and removes all of it: see `Engine`. Also what a supervisor left that was killed. */
export async function down(place: Place, { volumes, onProgress }: DownOptions): Promise<void> {
  await requestStop(place, onProgress ?? (() => undefined));
  await remove(place.socket, place.configDir, place.memoryDir);
  // Unless it has the sockets of other meshes too.
  await rmdir(place.socketDir).catch(() => undefined);
  if (volumes) await remove(place.dataDir, place.logDir, place.portsFile, place.supervisorLog);
}

async function remove(...paths: readonly string[]): Promise<void> {
  // Services whose supervisor was killed a moment ago may still be writing.
  const options = { recursive: true, force: true, maxRetries: 5 };
  await Promise.all(paths.map((path) => rm(path, options)));
}
