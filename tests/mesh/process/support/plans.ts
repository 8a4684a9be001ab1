import type { Plan, ServicePlan, Site } from '../../../../src/mesh/plan.ts';

export const MESH = 'test';

export function planMesh(services: readonly ServicePlan[]): Plan {
  return { mesh: MESH, services, networks: [], volumes: [] };
}

/** A real database server as a service. */
export function planDatabase(site: Site, name: string, overrides: Partial<ServicePlan> = {}): ServicePlan {
  const config = {
    part: 'database',
    listen: { ...site.listen(name) },
    data_dir: site.dataDir(name),
    database: 'mesh',
    user: 'mesh',
    password: 'a password for tests',
  } as const;
  return { ...planBare(name), part: config.part, config, ...overrides };
}

/** The quickest of the parts to start: the rehearsal model, published. */
export function planModel(site: Site, name: string, overrides: Partial<ServicePlan> = {}): ServicePlan {
  const config = {
    part: 'model',
    listen: { ...site.listen(name) },
    api_key: 'an api key for tests',
    admin_key: 'an admin key for tests',
  } as const;
  return { ...planBare(name), part: config.part, config, publish: 0, ...overrides };
}

function planBare(name: string) {
  return {
    name,
    after: [],
    networks: [],
    volumes: [],
    tmpfs: [],
    port: undefined,
    publish: undefined,
    limits: { memoryMb: 256, cpus: 1, pids: 64 },
  };
}
