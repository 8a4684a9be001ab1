import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithDocker } from './support/docker.ts';
import { createTestMesh } from './support/mesh.ts';
import { NETWORKS, planDatabase, planFailure, planModel } from './support/services.ts';

await describeWithDocker('an up that fails', (docker) => {
  it('says what the part that failed had logged', async () => {
    const mesh = await createTestMesh(docker);

    const up = mesh.up([planFailure('broken')]);

    await expect(up).rejects.toMatchObject({ code: 'environment' });
    await expect(up).rejects.toThrow(
      /^broken gave up before it was ready\.\nIts last lines:\n {2}cannot serve: .*EADDRNOTAVAIL/s,
    );
  });

  it('leaves nothing of what it made', async () => {
    const mesh = await createTestMesh(docker);

    await expect(mesh.up([planDatabase(), planFailure('broken', { after: ['database'] })])).rejects.toThrow(
      'broken',
    );

    expect(await mesh.listContainers()).toEqual([]);
    expect(await mesh.listNetworks()).toEqual([]);
    expect(await mesh.listVolumes()).toEqual([]);
    expect(await mesh.listConfigs()).toEqual([]);
  });

  it('leaves what ran before, and puts back what it had replaced', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planModel('a'), planModel('b')]);
    const before = await mesh.engine.status();

    await expect(mesh.up([planModel('a'), planFailure('b'), planModel('c')])).rejects.toThrow('b gave up');

    const after = await mesh.engine.status();
    expect(after.map(({ service, id }) => [service, id])).toEqual(
      before.map(({ service, id }) => [service, id]),
    );
    expect(await mesh.up([planModel('a'), planModel('b')])).toHaveLength(2);
    expect(await mesh.engine.status()).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  });

  it.each(['b waiting', 'a starting', 'a ready', 'b starting'])(
    'because it is aborted at "%s" leaves nothing either',
    async (step) => {
      const mesh = await createTestMesh(docker);

      const up = mesh.up([planModel('a'), planModel('b', { after: ['a'] })], NETWORKS, step);

      await expect(up).rejects.toThrow('aborted');
      expect(await mesh.listContainers()).toEqual([]);
      expect(await mesh.listNetworks()).toEqual([]);
    },
  );

  it('names the port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const mesh = await createTestMesh(docker);

    const up = mesh.up([planModel('a', { publish: port, networks: [{ network: 'front', alias: 'a' }] })]);

    await expect(up).rejects.toMatchObject({
      code: 'environment',
      message: `Port ${port}, where a is to be published, is in use on this machine.`,
    });
    expect(await mesh.listContainers()).toEqual([]);
  });

  it('touches nothing that has the name of one of its own', async () => {
    const mesh = await createTestMesh(docker);
    const volume = await docker.createVolume({ Name: `${mesh.name}-database` });
    onTestFinished(() => volume.remove());

    await expect(mesh.up([planDatabase()])).rejects.toMatchObject({
      code: 'environment',
      message: `There is already a volume ${mesh.name}-database, which is not of this mesh.`,
    });
    expect(await volume.inspect()).toMatchObject({ Name: `${mesh.name}-database` });
  });
});
