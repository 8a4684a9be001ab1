import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PartConfig } from '../../../core/config.ts';
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

/**
 * Writes the configuration of a service, if it is not the same already, and gives its path. A container that runs
 * keeps the file that it was started with, since it is replaced and not changed; it sees the new one after a restart.
 */
export async function writeConfig(
  stateDir: string,
  service: string,
  config: PartConfig,
  access: Access,
  undo: Undo,
): Promise<string> {
  const path = join(configDir(stateDir), `${service}.json`);
  const text = JSON.stringify(config);
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return path;
  undo.add(() => (before === undefined ? rm(path, { force: true }) : replaceFile(path, before, access)));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, text, access);
  return path;
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
