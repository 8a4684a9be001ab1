import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Progress } from '../../../../src/mesh/engine.ts';
import { createProcessEngine } from '../../../../src/mesh/engines/process/engine.ts';
import type { ServicePlan } from '../../../../src/mesh/plan.ts';
import { MESH, planMesh } from './plans.ts';

/** A state directory that PostgreSQL's user can reach; it and the mesh in it are gone after the test. */
export async function makeStateDir(): Promise<string> {
  const stateDir = await mkdtemp(join(tmpdir(), 'gm-process-'));
  await chmod(stateDir, 0o711);
  onTestFinished(async () => {
    await createProcessEngine({ mesh: MESH, stateDir }).down({ volumes: true });
    await rm(stateDir, { recursive: true, force: true });
  });
  return stateDir;
}

/** An engine on a state directory, of the test's own if none is given. */
export async function openMesh(options: { readonly stateDir?: string; readonly tied?: boolean } = {}) {
  const { stateDir = await makeStateDir(), tied = false } = options;
  const engine = createProcessEngine({ mesh: MESH, stateDir, tied });
  return {
    stateDir,
    engine,
    /** `up`, and the states that the services went through, such as `model ready`. */
    up: async (services: readonly ServicePlan[]) => {
      const steps: string[] = [];
      const onProgress = ({ service, state }: Progress) => steps.push(`${service} ${state}`);
      await engine.up(planMesh(services), { signal: new AbortController().signal, onProgress });
      return steps;
    },
    pidOf: async (service: string): Promise<number> => {
      const found = (await engine.status()).find((status) => status.service === service);
      return Number(found?.id);
    },
  };
}
