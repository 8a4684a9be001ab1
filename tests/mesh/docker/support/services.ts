import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import type { PartConfig } from '../../../../src/core/config.ts';
import type { NetworkPlan, ServicePlan } from '../../../../src/mesh/plan.ts';

const SECRET = randomBytes(24).toString('base64url');

export const NETWORKS = [
  { name: 'data', kind: 'closed' },
  { name: 'front', kind: 'published' },
  { name: 'egress', kind: 'egress' },
] as const satisfies readonly NetworkPlan[];

/** A service that needs nothing but what the test says. */
export function planService(
  name: string,
  config: PartConfig,
  overrides: Partial<ServicePlan> = {},
): ServicePlan {
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

const signingKey = {
  ...(await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).privateKey)),
};

/** The controller: it needs the database, and is published. */
export function planController(overrides: Partial<ServicePlan> = {}): ServicePlan {
  const config: PartConfig = {
    part: 'controller',
    mesh: 'test',
    listen: { host: '0.0.0.0', port: 8080 },
    database: { url: `postgres://mesh:${SECRET}@database:5432/mesh`, pool: 4 },
    signing_key: { ...signingKey, kty: 'OKP', crv: 'Ed25519', d: signingKey.d ?? '', kid: 'test' },
    clients: [],
    profiles: [],
    approvals: { version: 1, currency: 'USD', valid_for_hours: 1, rules: [] },
    token_seconds: 600,
    lease_seconds: 20,
    session_retention_days: 30,
  };
  return planService('controller', config, {
    after: ['database'],
    networks: [
      { network: 'data', alias: 'controller' },
      { network: 'front', alias: 'controller' },
    ],
    publish: 0,
    ...overrides,
  });
}
