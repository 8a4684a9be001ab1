import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServicePlan } from '../../plan.ts';
import type { Undo } from './undo.ts';

/** Who may read the files. Their folder is closed to all but the caller, whatever the mode. */
export interface Access {
  /** Who owns them, if not the caller. */
  readonly uid: number | undefined;
  readonly mode: number;
}

export function configDir(stateDir: string): string {
  return join(stateDir, 'config');
}

export function configPath(stateDir: string, service: string): string {
  return join(configDir(stateDir), `${service}.json`);
}

/**
 * Writes the configuration of a service, if it is not the same already. A container that runs keeps the file that it
 * was started with, since the file is replaced and not changed; it sees the new one after a restart.
 */
export async function writeConfig(
  stateDir: string,
  { name, config }: ServicePlan,
  access: Access,
  undo: Undo,
): Promise<void> {
  const path = configPath(stateDir, name);
  const text = JSON.stringify(config);
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return;
  undo.add(() => (before === undefined ? rm(path, { force: true }) : replaceFile(path, before, access)));
  await mkdir(configDir(stateDir), { recursive: true, mode: 0o700 });
  await replaceFile(path, text, access);
}

async function replaceFile(path: string, text: string, { uid, mode }: Access): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await chmod(draft, mode);
    if (uid !== undefined) await chown(draft, uid, uid);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
