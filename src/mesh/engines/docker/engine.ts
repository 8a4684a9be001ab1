import type Dockerode from 'dockerode';
import type { Engine } from '../../engine.ts';
import { readAddress } from './address.ts';
import { connectDocker } from './connect.ts';
import type { Deck } from './deck.ts';
import { down } from './down.ts';
import { explainDockerError } from './explain.ts';
import { keepAlive } from './keep-alive.ts';
import { killService } from './kill.ts';
import { streamLogs } from './log/stream.ts';
import { readStatus } from './read-status.ts';
import { DOCKER_SITE } from './site.ts';
import { up } from './up.ts';

export interface DockerEngineOptions {
  readonly mesh: string;
  /** Folder of this mesh's own. */
  readonly stateDir: string;
  /** Found by `connectDocker`, on first use, if not given. */
  readonly docker?: Dockerode;
  /** How the image is made, if not in the way that fits this machine. */
  readonly image?: Deck['image'];
}

/** Each service in a container of its own, on networks of the plan's. */
export function createDockerEngine({ mesh, stateDir, docker, image = {} }: DockerEngineOptions): Engine {
  let connecting = docker === undefined ? undefined : Promise.resolve(docker);
  const open = async (): Promise<Deck> => {
    connecting ??= connectDocker();
    return { docker: await connecting, mesh, stateDir, image };
  };
  const act = async <T>(action: (deck: Deck) => Promise<T>): Promise<T> => {
    try {
      return await action(await open());
    } catch (error) {
      throw explainDockerError(error);
    }
  };

  return {
    name: 'docker',
    prepareSite: () => Promise.resolve(DOCKER_SITE),
    up: (plan, options) => act((deck) => up(deck, plan, options)),
    down: (options) => act((deck) => down(deck, options)),
    status: () => act(readStatus),
    async *logs(options) {
      try {
        yield* streamLogs(await open(), options);
      } catch (error) {
        throw explainDockerError(error);
      }
    },
    address: (service) => act((deck) => readAddress(deck, service)),
    keepAlive: () => keepAlive(open),
    kill: (service) => act((deck) => killService(deck, service)),
  };
}
