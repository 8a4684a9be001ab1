import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import { z } from 'zod';

/** A place where a Docker engine may listen. */
export interface Endpoint {
  readonly address: string;
  /** Undefined: what dockerode reads from DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH itself. */
  readonly options: DockerOptions | undefined;
}

const Config = z.looseObject({ currentContext: z.string().optional() });
const Context = z.looseObject({ Endpoints: z.looseObject({ docker: z.looseObject({ Host: z.string() }) }) });

/**
 * Where to look, in this order. As for the docker command, DOCKER_HOST rules everything else out, and the chosen
 * context comes before the usual sockets: the system's, a rootless engine's, Docker Desktop's and Colima's.
 */
export function listEndpoints(env: NodeJS.ProcessEnv = process.env): readonly Endpoint[] {
  const host = env['DOCKER_HOST'];
  if (host !== undefined && host !== '') return [{ address: host, options: socketOf(host) }];
  const home = homedir();
  const sockets = [
    readContext(env, home),
    ...(process.platform === 'win32' ? ['//./pipe/docker_engine'] : ['/var/run/docker.sock']),
    ...(env['XDG_RUNTIME_DIR'] === undefined ? [] : [join(env['XDG_RUNTIME_DIR'], 'docker.sock')]),
    join(home, '.docker', 'run', 'docker.sock'),
    join(home, '.colima', 'default', 'docker.sock'),
  ];
  return [...new Set(sockets)]
    .filter((socketPath) => socketPath !== undefined)
    .map((socketPath) => ({ address: socketPath, options: { socketPath } }));
}

/** The socket of the context that the docker command uses; other kinds of address need what only it knows. */
function readContext(env: NodeJS.ProcessEnv, home: string): string | undefined {
  const folder = env['DOCKER_CONFIG'] ?? join(home, '.docker');
  const name = env['DOCKER_CONTEXT'] ?? readJson(join(folder, 'config.json'), Config)?.currentContext;
  if (name === undefined || name === '' || name === 'default') return undefined;
  const id = createHash('sha256').update(name).digest('hex');
  const host = readJson(join(folder, 'contexts', 'meta', id, 'meta.json'), Context)?.Endpoints.docker.Host;
  return socketOf(host)?.socketPath;
}

function socketOf(address = '') {
  const [, socketPath] = /^(?:unix|npipe):\/\/(.+)$/.exec(address) ?? [];
  return socketPath === undefined ? undefined : { socketPath };
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
