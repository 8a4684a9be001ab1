import { randomBytes } from 'node:crypto';
import type { PartConfig } from '../../../../src/core/config.ts';
import type { NetworkPlan, ServicePlan } from '../../../../src/mesh/plan.ts';

const SECRET = randomBytes(24).toString('base64url');

export const NETWORKS = [
  { name: 'data', kind: 'closed' },
  { name: 'front', kind: 'published' },
  { name: 'egress', kind: 'egress' },
] as const satisfies readonly NetworkPlan[];

/** A service that needs nothing but what the test says. */
function planService(name: string, config: PartConfig, overrides: Partial<ServicePlan> = {}): ServicePlan {
  return {
    name,
    part: config.part,
    config,
    after: [],
    networks: [{ network: 'data', alias: name }],
    volumes: [],
    tmpfs: [],
    port: 8080,
    publish: undefined,
    limits: { memoryMb: 256, cpus: 1, pids: 128 },
    ...overrides,
  };
}

/** The scripted model: the smallest part, which needs no other. */
export function planModel(name: string, overrides: Partial<ServicePlan> = {}): ServicePlan {
  const config: PartConfig = {
    part: 'model',
    listen: { host: '0.0.0.0', port: 8080 },
    api_key: SECRET,
    admin_key: SECRET,
  };
  return planService(name, config, overrides);
}

/** A part that gives up as soon as it is started: it is to listen on an address of somebody else. */
export function planFailure(name: string, overrides: Partial<ServicePlan> = {}): ServicePlan {
  const { config } = planModel(name);
  return planService(name, { ...config, listen: { host: '192.0.2.1', port: 8080 } } as PartConfig, overrides);
}

/** PostgreSQL: the part that needs no other. */
export function planDatabase(name = 'database', overrides: Partial<ServicePlan> = {}): ServicePlan {
  const config: PartConfig = {
    part: 'database',
    listen: { host: '0.0.0.0', port: 5432 },
    data_dir: '/data',
    database: 'mesh',
    user: 'mesh',
    password: SECRET,
  };
  return planService(name, config, { port: 5432, volumes: [{ volume: name, path: '/data' }], ...overrides });
}
