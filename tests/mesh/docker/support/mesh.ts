import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { onTestFinished } from 'vitest';
import type { Progress } from '../../../../src/mesh/engine.ts';
import { createDockerEngine } from '../../../../src/mesh/engines/docker/engine.ts';
import type { NetworkPlan, ServicePlan } from '../../../../src/mesh/plan.ts';
import { NETWORKS } from './services.ts';
import { makeFolder } from './tree.ts';

/** A mesh of this test alone, of which nothing is left when the test has ended, however it did. */
export async function createTestMesh(docker: Dockerode) {
  const name = `gm-test-${randomBytes(4).toString('hex')}`;
  const stateDir = await makeFolder();
  const engine = createDockerEngine({ mesh: name, stateDir, docker });
  onTestFinished(() => engine.down({ volumes: true }));
  const filters = { label: [`goose-mesh.mesh=${name}`] };
  const shorten = (names: readonly string[]) =>
    names.map((full) => full.replace(/^\/?gm-test-\w+-/, '')).sort();

  return {
    name,
    stateDir,
    engine,
    /** `up`, until a step if one is given. Gives the steps that it reports, such as "controller ready". */
    up: async (
      services: readonly ServicePlan[],
      networks: readonly NetworkPlan[] = NETWORKS,
      abortAt?: string,
    ) => {
      const abort = new AbortController();
      const steps: string[] = [];
      const onProgress = ({ service, state }: Progress) => {
        steps.push(`${service} ${state}`);
        if (steps.at(-1) === abortAt) abort.abort();
      };
      const volumes = [
        ...new Set(services.flatMap((service) => service.volumes.map(({ volume }) => volume))),
      ];
      await engine.up({ mesh: name, services, networks, volumes }, { signal: abort.signal, onProgress });
      return steps.filter((step) => !step.startsWith('image '));
    },
    listContainers: async () => {
      return shorten((await docker.listContainers({ all: true, filters })).flatMap(({ Names }) => Names));
    },
    listNetworks: async () => shorten((await docker.listNetworks({ filters })).map(({ Name }) => Name)),
    listVolumes: async () => shorten((await docker.listVolumes({ filters })).Volumes.map(({ Name }) => Name)),
    listConfigs: () => readdir(join(stateDir, 'config')).catch(() => []),
  };
}

export type TestMesh = Awaited<ReturnType<typeof createTestMesh>>;
