import { expect, it } from 'vitest';
import { describeWithDocker } from './support/docker.ts';
import { createTestMesh } from './support/mesh.ts';
import { planDatabase, planModel } from './support/services.ts';

await describeWithDocker('down', (docker) => {
  it('removes everything but the data', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planDatabase(), planModel('a')]);
    const steps: string[] = [];

    await mesh.engine.down({
      volumes: false,
      onProgress: ({ service, state }) => steps.push(`${service} ${state}`),
    });

    expect(steps.toSorted()).toEqual(['a stopped', 'a stopping', 'database stopped', 'database stopping']);
    expect(await mesh.listContainers()).toEqual([]);
    expect(await mesh.listNetworks()).toEqual([]);
    expect(await mesh.listConfigs()).toEqual([]);
    expect(await mesh.listVolumes()).toEqual(['database']);
    expect(await mesh.engine.status()).toEqual([]);
  });

  it('removes the data when asked to', async () => {
    const mesh = await createTestMesh(docker);
    await mesh.up([planDatabase()]);

    await mesh.engine.down({ volumes: true });

    expect(await mesh.listVolumes()).toEqual([]);
  });

  it('finds nothing wrong with nothing being there', async () => {
    const mesh = await createTestMesh(docker);

    await mesh.engine.down({ volumes: true });
    await mesh.engine.down({ volumes: false });
  });

  it('leaves other meshes alone', async () => {
    const mesh = await createTestMesh(docker);
    const other = await createTestMesh(docker);
    await other.up([planModel('a')]);

    await mesh.engine.down({ volumes: true });

    expect(await other.listContainers()).toEqual(['a']);
  });
});
