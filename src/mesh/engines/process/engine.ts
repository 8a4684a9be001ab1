import { MeshError } from '../../../core/errors.ts';
import type { Engine } from '../../engine.ts';
import { requestKill } from './control-client.ts';
import { down } from './down.ts';
import { streamLogs } from './log/stream.ts';
import { describePlace } from './place.ts';
import { prepareSite } from './site.ts';
import { readStatus } from './status.ts';
import { up } from './up.ts';

export interface ProcessEngineOptions {
  readonly mesh: string;
  /** Folder of this mesh's own. */
  readonly stateDir: string;
  /** Whether the mesh ends with this process, however that ends. Else it lives on until `down`. */
  readonly tied?: boolean;
}

/**
 * Each service as a process of this machine, started and kept running by a supervisor, which is a process too:
 * see ./supervisor. Services listen on 127.0.0.1 only, but nothing keeps them from the network or within limits.
 */
export function createProcessEngine({ mesh, stateDir, tied = false }: ProcessEngineOptions): Engine {
  const place = describePlace(stateDir);
  return {
    name: 'process',
    prepareSite: (services) => prepareSite(place, services),
    up: (plan, options) => up(place, { mesh, tied }, plan, options),
    down: (options) => down(place, options),
    status: () => readStatus(place),
    logs: (options) => streamLogs(place, options),
    address: async (service) => (await readStatus(place)).find((found) => found.service === service)?.address,
    // The supervisor starts again whatever dies, also when nobody asks for it.
    keepAlive: () => ({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    kill: async (service) => {
      if (await requestKill(place, service)) return;
      throw new MeshError('not_found', `There is no service ${service} to kill: ${mesh} is not up.`);
    },
  };
}
