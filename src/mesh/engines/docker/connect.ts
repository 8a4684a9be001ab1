import Dockerode from 'dockerode';
import { codeOf, MeshError, messageOf } from '../../../core/errors.ts';
import { type Endpoint, listEndpoints } from './endpoints.ts';

/** A healthy engine answers a ping in milliseconds, even over ssh in well under a second or two. */
const PING_MS = 5000;

/** What keeps an engine from being used, the most telling last, with what to do about it. */
const OBSTACLES = {
  ENOENT: {
    found: 'there is nothing',
    hint: 'Install Docker (https://docs.docker.com/engine/install), or use --engine process.',
  },
  ECONNREFUSED: {
    found: 'nothing listens',
    hint: 'Docker is installed but not running: start it with systemctl start docker (or service docker start).',
  },
  EACCES: {
    found: 'permission denied',
    hint: 'Add yourself to the docker group (sudo usermod -aG docker $USER) and log in again.',
  },
} as const;

/** Finds a Docker engine that answers. Fails with what was tried and why each place was no use. */
export async function connectDocker(env: NodeJS.ProcessEnv = process.env): Promise<Dockerode> {
  const failures: { readonly address: string; readonly error: unknown }[] = [];
  for (const endpoint of listEndpoints(env)) {
    try {
      return await reach(endpoint);
    } catch (error) {
      failures.push({ address: endpoint.address, error });
    }
  }
  throw unreachable(failures);
}

async function reach({ options }: Endpoint): Promise<Dockerode> {
  await new Dockerode({ ...options, timeout: PING_MS }).ping();
  return new Dockerode(options);
}

function unreachable(failures: readonly { readonly address: string; readonly error: unknown }[]): MeshError {
  const tried = failures.map(
    ({ address, error }) => `${address} (${obstacleOf(error)?.found ?? messageOf(error)})`,
  );
  const hints = Object.values(OBSTACLES).filter((obstacle) =>
    failures.some(({ error }) => obstacleOf(error) === obstacle),
  );
  return new MeshError('environment', `No Docker engine answers. Tried: ${tried.join(', ')}.`, {
    hint: hints.at(-1)?.hint,
    cause: failures[0]?.error,
  });
}

function obstacleOf(error: unknown) {
  const found = codeOf(error);
  return Object.entries(OBSTACLES).find(([code]) => code === found)?.[1];
}
