import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectDocker } from '../../../src/mesh/engines/docker/connect.ts';
import { listEndpoints } from '../../../src/mesh/engines/docker/endpoints.ts';
import { makeFolder, writeTree } from './support/tree.ts';

describe('a Docker engine is looked for', () => {
  const addressesOf = (env: NodeJS.ProcessEnv) => listEndpoints(env).map(({ address }) => address);

  it('only where DOCKER_HOST says, if it does', () => {
    const env = { DOCKER_HOST: 'tcp://there:2375', XDG_RUNTIME_DIR: '/run/user/1' };
    expect(addressesOf(env)).toEqual(['tcp://there:2375']);
  });

  it("in the system's place before a rootless engine's", () => {
    const [first, second] = addressesOf({ XDG_RUNTIME_DIR: '/run/user/1', DOCKER_CONFIG: '/nowhere' });
    expect([first, second]).toEqual(['/var/run/docker.sock', '/run/user/1/docker.sock']);
  });

  it('first in the context that the docker command uses', async () => {
    const folder = await makeFolder();
    const id = createHash('sha256').update('colima').digest('hex');
    await writeTree(folder, {
      'config.json': { currentContext: 'colima' },
      [`contexts/meta/${id}/meta.json`]: { Endpoints: { docker: { Host: 'unix:///colima.sock' } } },
    });

    expect(addressesOf({ DOCKER_CONFIG: folder })[0]).toBe('/colima.sock');
    expect(addressesOf({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'default' })[0]).toBe('/var/run/docker.sock');
  });
});

describe('without a Docker engine, it is said', () => {
  it('that there is none', async () => {
    const socket = join(await makeFolder(), 'docker.sock');

    await expect(connectDocker({ DOCKER_HOST: `unix://${socket}` })).rejects.toMatchObject({
      code: 'environment',
      message: `No Docker engine answers. Tried: unix://${socket} (there is nothing).`,
    });
  });

  it('that it is installed but does not run', async () => {
    const folder = await makeFolder();
    const socket = join(folder, 'docker.sock');
    const server = createServer().listen(join(folder, 'first.sock'));
    await once(server, 'listening');
    // Its own path goes with the server; this one stays, as after a crash.
    await rename(join(folder, 'first.sock'), socket);
    server.close();

    await expect(connectDocker({ DOCKER_HOST: `unix://${socket}` })).rejects.toMatchObject({
      message: `No Docker engine answers. Tried: unix://${socket} (nothing listens).`,
      hint: expect.stringContaining('systemctl start docker') as string,
    });
  });
});
