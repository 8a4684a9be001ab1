import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { describeWithDocker } from './support/docker.ts';
import { createTestMesh, type TestMesh } from './support/mesh.ts';
import { planModel } from './support/services.ts';

await describeWithDocker('a service', (docker) => {
  const isUp = async ({ engine }: TestMesh, startedBefore: string | undefined) => {
    const [status] = await engine.status();
    return status?.state === 'running' && status.startedAt !== startedBefore;
  };

  async function startMesh() {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')]);
    const [status] = await mesh.engine.status();
    return { ...mesh, startedAt: status?.startedAt, container: docker.getContainer(`${mesh.name}-a`) };
  }

  it('that is killed comes back, as after a crash', async () => {
    const mesh = await startMesh();

    await mesh.engine.kill('a');

    await vi.waitUntil(() => isUp(mesh, mesh.startedAt), { timeout: 10_000 });
    expect(await mesh.engine.status()).toMatchObject([{ service: 'a', restarts: 1 }]);
  });

  it('that is not there cannot be killed', async () => {
    const mesh = await startMesh();

    await expect(mesh.engine.kill('b')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('comes back from a docker kill while it is kept alive', async () => {
    const mesh = await startMesh();
    await using _ = mesh.engine.keepAlive();

    await mesh.container.kill();

    await vi.waitUntil(() => isUp(mesh, mesh.startedAt), { timeout: 10_000 });
  });

  it('stays down after a docker kill when nobody keeps it alive any more', async () => {
    const mesh = await startMesh();
    await mesh.engine.keepAlive()[Symbol.asyncDispose]();

    await mesh.container.kill();
    await sleep(1000);

    expect(await mesh.engine.status()).toMatchObject([{ service: 'a', state: 'stopped' }]);
  });

  it('that is kept alive can still be replaced and removed', async () => {
    const mesh = await startMesh();
    await using _ = mesh.engine.keepAlive();

    await mesh.up([planModel('a', { limits: { memoryMb: 300, cpus: 1, pids: 64 } })]);
    expect(await mesh.listContainers()).toEqual(['a']);
    await mesh.engine.down({ volumes: true });
    await sleep(500);

    expect(await mesh.listContainers()).toEqual([]);
  });
});
