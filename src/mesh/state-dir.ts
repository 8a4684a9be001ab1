import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where goose-mesh keeps what must outlive a command: configurations, secrets, data of the process engine. Every
 * file in it has mode 0600 and every directory 0700, but for the roots that PostgreSQL's own user must pass.
 *
 * root uses /var/lib/goose-mesh (FHS 3.0, 5.8), because its home is closed to the user that PostgreSQL runs as;
 * others use $XDG_STATE_HOME/goose-mesh. `GOOSE_MESH_STATE` overrides both.
 */
export function stateRoot(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['GOOSE_MESH_STATE'];
  if (given !== undefined && given !== '') return resolve(given);
  if (process.getuid?.() === 0) return '/var/lib/goose-mesh';
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'goose-mesh');
}

/** Where each mesh of this user has its own folder. */
export function meshesDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(stateRoot(env), 'meshes');
}

export function meshStateDir(mesh: string, env: NodeJS.ProcessEnv = process.env): string {
  return join(meshesDir(env), mesh);
}

/** Makes the state directory of a mesh. Root's lets others pass, since PostgreSQL runs as another user then. */
export async function ensureStateDir(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}
