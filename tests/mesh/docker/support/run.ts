import type Dockerode from 'dockerode';
import { z } from 'zod';
import { readLog } from '../../../../src/mesh/engines/docker/log/read.ts';

const Ended = z.object({ StatusCode: z.number() });

/** Runs a container to its end, gives what it printed, and leaves nothing of it. */
export async function runContainer(docker: Dockerode, options: Dockerode.ContainerCreateOptions) {
  const container = await docker.createContainer(options);
  try {
    await container.start();
    const { StatusCode: code } = Ended.parse(await container.wait());
    const lines: string[] = [];
    for await (const { text } of readLog(container)) lines.push(text);
    return { code, output: lines.join('\n') };
  } finally {
    await container.remove({ force: true, v: true });
  }
}
