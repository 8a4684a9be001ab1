import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithDocker } from './support/docker.ts';
import { createTestMesh, type TestMesh } from './support/mesh.ts';
import { planModel } from './support/services.ts';

await describeWithDocker('up', (docker) => {
  async function listIds({ engine }: TestMesh) {
    return Object.fromEntries((await engine.status()).map(({ service, id }) => [service, id]));
  }

  it('starts each service when those that it comes after have started, and waits for all', async () => {
    const mesh = await createTestMesh(docker);

    const steps = await mesh.up([planModel('a', { after: ['b'] }), planModel('b')]);

    expect(steps.filter((step) => !step.endsWith('ready'))).toEqual([
      'a waiting',
      'b starting',
      'a starting',
    ]);
    expect(steps).toEqual(expect.arrayContaining(['a ready', 'b ready']));
  });

  it('publishes on the loopback address, on a port of its choice', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a', { publish: 0, networks: [{ network: 'front', alias: 'a' }] })]);

    const address = (await mesh.engine.address('a')) ?? '';

    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await fetch(address)).toBeInstanceOf(Response);
    expect(await mesh.engine.address('nobody')).toBeUndefined();
  });

  it('keeps what runs as planned', async () => {
    const mesh = await createTestMesh(docker);
    const plan = [planModel('a'), planModel('b')];
    await mesh.up(plan);
    const before = await listIds(mesh);

    expect((await mesh.up(plan)).toSorted()).toEqual(['a kept', 'b kept']);
    expect(await listIds(mesh)).toEqual(before);
  });

  it('gives what it keeps its configuration again, without which it could not restart', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')]);
    await rm(join(mesh.stateDir, 'config'), { recursive: true });

    expect(await mesh.up([planModel('a')])).toEqual(['a kept']);
    expect(await mesh.listConfigs()).toEqual(['a.json']);
  });

  it('replaces what differs, and only that', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a'), planModel('b')]);
    const before = await listIds(mesh);

    const steps = await mesh.up([
      planModel('a'),
      planModel('b', { limits: { memoryMb: 300, cpus: 1, pids: 64 } }),
    ]);

    expect(steps.toSorted()).toEqual(['a kept', 'b ready', 'b starting', 'b stopped', 'b stopping']);
    const after = await listIds(mesh);
    expect(after['a']).toBe(before['a']);
    expect(after['b']).not.toBe(before['b']);
    expect(await mesh.listContainers()).toEqual(['a', 'b']);
  });

  it('removes what is not planned any more', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a'), planModel('b')]);

    await mesh.up([planModel('a')], [{ name: 'data', kind: 'closed' }]);

    expect(await mesh.listContainers()).toEqual(['a']);
    expect(await mesh.listNetworks()).toEqual(['data']);
    expect(await mesh.listConfigs()).toEqual(['a.json']);
  });

  it('replaces a network of another kind, with the services on it', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')], [{ name: 'data', kind: 'closed' }]);

    const steps = await mesh.up([planModel('a')], [{ name: 'data', kind: 'egress' }]);

    expect(steps).toEqual(['a stopping', 'a stopped', 'a starting', 'a ready']);
  });

  it('starts again what somebody has stopped', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a')]);
    await docker.getContainer(`${mesh.name}-a`).stop();

    expect(await mesh.up([planModel('a')])).toEqual(['a starting', 'a ready']);
  });
});
