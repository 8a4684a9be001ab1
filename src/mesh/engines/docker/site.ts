import { MeshError } from '../../../core/errors.ts';
import type { Site } from '../../plan.ts';

/**
 * What containers with a way out call this machine; `draftContainer` gives them the name. On Linux they reach what
 * listens on all of its addresses, but not what listens on 127.0.0.1 alone.
 */
export const HOST = 'host.docker.internal';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/;

const PORT = 8080;
const DATABASE_PORT = 5432;

/** In Docker every service has a network and a file system of its own, so all look alike from inside. */
export const DOCKER_SITE: Site = {
  listen: (service) => ({ host: '0.0.0.0', port: portOf(service) }),
  url: (service, alias) => `http://${alias}:${portOf(service)}`,
  dataDir: () => '/data',
  folder: (_source, name) => `/run/goose-mesh/${name}`,
  outside: (url) => {
    const parsed = URL.parse(url);
    if (parsed === null || parsed.hostname === '') throw noHost();
    if (LOOPBACK.test(parsed.hostname)) parsed.hostname = HOST;
    return parsed.href;
  },
};

function noHost(): MeshError {
  return new MeshError(
    'configuration',
    'database.url names no host, but a container reaches no socket of this machine.',
    {
      hint: 'Name the host that PostgreSQL listens on, or use --engine process.',
    },
  );
}

function portOf(service: string): number {
  return service === 'database' ? DATABASE_PORT : PORT;
}
