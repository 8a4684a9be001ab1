import type Dockerode from 'dockerode';
import { createContainer, removeContainer } from '../../../../src/mesh/engines/docker/containers.ts';
import { draftContainer } from '../../../../src/mesh/engines/docker/draft.ts';
import { readLog } from '../../../../src/mesh/engines/docker/log/read.ts';
import { partsUid } from '../../../../src/mesh/engines/docker/user.ts';
import { ensureImage } from '../../../../src/mesh/image/ensure.ts';
import type { NetworkPlan, ServicePlan } from '../../../../src/mesh/plan.ts';
import type { TestMesh } from './mesh.ts';

/**
 * Runs a script of Node where a service would be: in a container made as the service's own would be, on its networks.
 * Gives what the script prints as JSON.
 */
export async function runAs(
  docker: Dockerode,
  { name: mesh, stateDir }: TestMesh,
  service: ServicePlan,
  networks: readonly NetworkPlan[],
  script: string,
): Promise<unknown> {
  const uid = partsUid();
  const { signal } = new AbortController();
  const image = await ensureImage(docker, { uid, onProgress: () => undefined, signal });
  const inputs = { mesh, networks, image, uid, config: '/dev/null', spec: '' };
  const { options, connections } = draftContainer(service, inputs);
  const container = await createContainer(
    { docker, mesh, stateDir, image: {} },
    { options: { ...options, Entrypoint: ['node', '-e', script], Cmd: [] }, connections },
  );
  try {
    await container.start();
    await container.wait();
    const lines: string[] = [];
    for await (const { text } of readLog(container)) lines.push(text);
    return JSON.parse(lines.join('\n'));
  } finally {
    await removeContainer(container);
  }
}

/** A script that prints which of the targets take a TCP connection within two seconds. */
export function listOpen(targets: readonly string[]): string {
  return `
    const { connect } = require('node:net');
    const attempt = (target) => new Promise((resolve) => {
      const [host, port] = target.split(':');
      const socket = connect({ host, port, timeout: 2000 });
      const end = (found) => { socket.destroy(); resolve(found); };
      socket.on('connect', () => end([target])).on('error', () => end([])).on('timeout', () => end([]));
    });
    Promise.all(${JSON.stringify(targets)}.map(attempt)).then((open) => console.log(JSON.stringify(open.flat())));`;
}
