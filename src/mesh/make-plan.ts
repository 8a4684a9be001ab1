import { createHash } from 'node:crypto';
import { hasBudget } from '../core/budget.ts';
import type { ControllerConfig, GuardConfig } from '../core/config.ts';
import { gooseState } from '../core/goose-state.ts';
import { type Client, clientIdOf } from '../core/identity.ts';
import { Person } from '../core/org.ts';
import type { Profile } from '../core/profile.ts';
import { planKnowledge } from './knowledge.ts';
import { ADMIN, type MeshSpec } from './mesh-file.ts';
import type { NetworkPlan, Plan, ServicePlan, Site } from './plan.ts';
import { hostOf, listPrivateHosts } from './private-hosts.ts';
import type { Rules } from './rules.ts';
import type { Secrets } from './secrets.ts';

export interface PlanInput {
  readonly spec: MeshSpec;
  readonly rules: Rules;
  readonly secrets: Secrets;
  readonly site: Site;
  /** The provider's key; empty where the provider wants none, unused for the rehearsal model. */
  readonly modelKey: string;
  /** Certificates that the provider's must come from, where mesh.yaml names some. */
  readonly modelCa?: string | undefined;
  readonly retentionDays: number;
}

/** The controller needs no names and addresses: those are for guards. */
const OfOrgChart = Person.strip();

const CONTROLLER = 'controller';
const DATABASE = 'database';
const MODEL = 'model';

const NETWORKS = { database: 'database', model: 'model', front: 'front', egress: 'egress' } as const;

/** Seconds without a heartbeat after which a task is somebody else's. Heartbeats come three times as often. */
const LEASE_SECONDS = 15;

/** Names of the services that a mesh has, in the order in which people think of them. */
export function listServices(spec: MeshSpec): readonly string[] {
  return [
    ...(spec.database.url === undefined ? [DATABASE] : []),
    ...(spec.model.kind === 'rehearsal' ? [MODEL] : []),
    CONTROLLER,
    ...spec.agents.flatMap(({ name }) => [guardOf(name), agentOf(name)]),
  ];
}

/** The clients of a mesh: an admin, the people of mesh.yaml, and each agent with its guard. */
export function listClients(spec: MeshSpec): readonly Omit<Client, 'secret_sha256'>[] {
  return [
    { kind: 'admin', name: ADMIN, roles: [] },
    ...spec.users.map(({ name, roles }) => ({ kind: 'user' as const, name, roles })),
    ...spec.agents.flatMap(({ name, role }) => [
      { kind: 'agent' as const, name, roles: [role] },
      { kind: 'guard' as const, name, roles: [] },
    ]),
  ];
}

/** Writes the plan of a mesh for one site. The same input gives the same plan, so that `up` changes only what differs. */
export function makePlan(input: PlanInput): Plan {
  const { spec } = input;
  return {
    mesh: spec.name,
    services: [
      ...(spec.database.url === undefined ? [planDatabase(input)] : []),
      ...(spec.model.kind === 'rehearsal' ? [planModel(input)] : []),
      planController(input),
      ...spec.agents.flatMap((agent) => [planGuard(input, agent), planAgent(input, agent)]),
    ],
    networks: planNetworks(spec),
    volumes: [
      ...(spec.database.url === undefined ? [DATABASE] : []),
      ...spec.agents.map(({ name }) => agentOf(name)),
    ],
  };
}

/** Every agent is alone with its guard and the controller; only guards have a way out, and only to a real provider. */
function planNetworks(spec: MeshSpec): readonly NetworkPlan[] {
  return [
    { name: NETWORKS.front, kind: 'published' },
    ...(spec.database.url === undefined
      ? [{ name: NETWORKS.database, kind: 'closed' } as const]
      : [{ name: NETWORKS.database, kind: 'egress' } as const]),
    ...(spec.model.kind === 'rehearsal' ? [{ name: NETWORKS.model, kind: 'closed' } as const] : []),
    ...(needsEgress(spec) ? [{ name: NETWORKS.egress, kind: 'egress' } as const] : []),
    ...spec.agents.map(({ name }) => ({ name: agentOf(name), kind: 'closed' as const })),
  ];
}

/** To a real provider, or to a further detector. */
const needsEgress = ({ model, guard }: MeshSpec): boolean =>
  model.kind !== 'rehearsal' || guard.detector !== undefined;

function planDatabase({ secrets, site }: PlanInput): ServicePlan {
  return {
    name: DATABASE,
    part: 'database',
    config: {
      part: 'database',
      listen: site.listen(DATABASE),
      data_dir: site.dataDir(DATABASE),
      database: 'mesh',
      user: 'mesh',
      password: secrets.database_password,
    },
    after: [],
    networks: [{ network: NETWORKS.database, alias: DATABASE }],
    volumes: [{ volume: DATABASE, path: site.dataDir(DATABASE) }],
    tmpfs: [],
    port: site.listen(DATABASE).port,
    publish: undefined,
    limits: { memoryMb: 768, cpus: 2, pids: 400 },
  };
}

function planModel({ secrets, site }: PlanInput): ServicePlan {
  return {
    name: MODEL,
    part: 'model',
    config: {
      part: 'model',
      listen: site.listen(MODEL),
      api_key: secrets.model_api_key,
      admin_key: secrets.model_admin_key,
    },
    after: [],
    networks: [
      { network: NETWORKS.front, alias: MODEL },
      { network: NETWORKS.model, alias: MODEL },
    ],
    volumes: [],
    tmpfs: [],
    port: site.listen(MODEL).port,
    publish: 0,
    limits: { memoryMb: 256, cpus: 1, pids: 64 },
  };
}

function planController({ spec, rules, secrets, site, retentionDays }: PlanInput): ServicePlan {
  const config: ControllerConfig = {
    part: 'controller',
    mesh: spec.name,
    listen: site.listen(CONTROLLER),
    database: {
      url: spec.database.url === undefined ? bundledUrl(secrets, site) : site.outside(spec.database.url),
      pool: 12,
    },
    signing_key: secrets.signing_key,
    clients: listClients(spec).map((client) => ({
      ...client,
      secret_sha256: digest(secretOf(secrets, client)),
    })),
    people: spec.users.map((user) => OfOrgChart.parse(user)),
    profiles: [...rules.profiles],
    approvals: rules.approvals,
    token_seconds: 600,
    lease_seconds: LEASE_SECONDS,
    agent_gone_seconds: spec.agent_gone_seconds,
    session_retention_days: retentionDays,
    event_retention_days: spec.event_retention_days,
    session_timeouts: spec.session_timeouts,
    prices: rules.prices,
  };
  return {
    name: CONTROLLER,
    part: 'controller',
    config,
    after: spec.database.url === undefined ? [DATABASE] : [],
    networks: [
      { network: NETWORKS.front, alias: CONTROLLER },
      { network: NETWORKS.database, alias: CONTROLLER },
      ...spec.agents.map(({ name }) => ({ network: agentOf(name), alias: CONTROLLER })),
    ],
    volumes: [],
    tmpfs: [],
    port: site.listen(CONTROLLER).port,
    publish: spec.controller.port,
    limits: { memoryMb: 512, cpus: 2, pids: 64 },
  };
}

type AgentEntry = MeshSpec['agents'][number];

function planGuard(input: PlanInput, { name, role }: AgentEntry): ServicePlan {
  const { spec, rules, secrets, site } = input;
  const service = guardOf(name);
  const rehearsed = spec.model.kind === 'rehearsal';
  const { privacy, budgets, limits } = profileOf(rules, role);
  const { knowledge, folders } = planKnowledge(spec, site);
  return {
    name: service,
    part: 'guard',
    config: {
      part: 'guard',
      mesh: spec.name,
      listen: site.listen(service),
      controller: { url: site.url(CONTROLLER, CONTROLLER) },
      client: credentialsOf(secrets, { kind: 'guard', name }),
      agent: name,
      role,
      mask_key: secrets.mask_key,
      privacy,
      limits,
      budgeted: hasBudget(budgets),
      upstream: planUpstream(input),
      knowledge,
    },
    folders,
    after: [CONTROLLER, ...(rehearsed ? [MODEL] : [])],
    networks: [
      { network: agentOf(name), alias: 'guard' },
      ...(rehearsed ? [{ network: NETWORKS.model, alias: service }] : []),
      ...(needsEgress(spec) ? [{ network: NETWORKS.egress, alias: service }] : []),
    ],
    volumes: [],
    tmpfs: [],
    port: site.listen(service).port,
    publish: undefined,
    limits: { memoryMb: 256, cpus: 1, pids: 64 },
  };
}

function planUpstream({ spec, secrets, site, modelKey, modelCa }: PlanInput): GuardConfig['upstream'] {
  const private_hosts = listPrivateHosts(spec, site);
  if (spec.model.kind !== 'rehearsal') {
    const { api, baseUrl } = spec.model;
    const ca = modelCa === undefined ? {} : { ca: modelCa };
    return { base_url: site.outside(baseUrl), api_key: modelKey, api, private_hosts, ...ca };
  }
  const base_url = `${site.url(MODEL, MODEL)}/v1`;
  return { base_url, api_key: secrets.model_api_key, private_hosts: [hostOf(base_url)] };
}

function profileOf({ profiles }: Rules, role: string): Profile {
  const profile = profiles.find((candidate) => candidate.role === role);
  if (profile === undefined) throw new TypeError(`no profile was loaded for ${role}`);
  return profile;
}

function planAgent({ spec, rules, secrets, site }: PlanInput, { name, role }: AgentEntry): ServicePlan {
  const service = agentOf(name);
  const dataDir = site.dataDir(service);
  return {
    name: service,
    part: 'agent',
    config: {
      part: 'agent',
      mesh: spec.name,
      controller: { url: site.url(CONTROLLER, CONTROLLER) },
      guard: { url: site.url(guardOf(name), 'guard') },
      client: credentialsOf(secrets, { kind: 'agent', name }),
      name,
      role,
      model: spec.model.kind === 'rehearsal' ? `rehearsal-${role}` : spec.model.model,
      data_dir: dataDir,
    },
    after: [CONTROLLER, guardOf(name)],
    networks: [{ network: agentOf(name), alias: 'agent' }],
    volumes: [{ volume: service, path: dataDir }],
    tmpfs: [gooseState(dataDir)],
    port: undefined,
    publish: undefined,
    limits: limitAgent(profileOf(rules, role)),
  };
}

/** One Goose has 125 MB and a dozen threads; where nothing is kept of sessions, each that is worked on has its own. */
function limitAgent({ policies, goose }: Profile): ServicePlan['limits'] {
  const own = policies.retention.content_days === 0 ? goose.sessions : 1;
  return { memoryMb: Math.max(1024, 384 + own * 160), cpus: 2, pids: Math.max(256, 128 + own * 48) };
}

const guardOf = (agent: string): string => `guard-${agent}`;
const agentOf = (agent: string): string => `agent-${agent}`;

type ClientName = Pick<Client, 'kind' | 'name'>;

function credentialsOf(secrets: Secrets, client: ClientName) {
  return { client_id: clientIdOf(client), client_secret: secretOf(secrets, client) };
}

function secretOf({ clients }: Secrets, client: ClientName): string {
  const secret = clients[clientIdOf(client)];
  if (secret === undefined) throw new TypeError(`no secret was made for ${clientIdOf(client)}`);
  return secret;
}

function bundledUrl({ database_password }: Secrets, site: Site): string {
  const { host } = new URL(site.url(DATABASE, DATABASE));
  return `postgres://mesh:${database_password}@${host}/mesh`;
}

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');
