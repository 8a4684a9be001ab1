import { z } from 'zod';
import { CallLimits } from './budget.ts';
import { Client, Credentials, Name } from './identity.ts';
import { GuardKnowledge } from './knowledge.ts';
import { OrgChart } from './org.ts';
import { ApprovalPolicy } from './policy.ts';
import { PriceTable } from './prices.ts';
import { PrivacyPolicy } from './privacy.ts';
import { Profile, TimeOutHours } from './profile.ts';

/**
 * The configuration of each part: one JSON file of mode 0600, given to `goose-mesh serve <part> --config FILE`.
 * Files, not arguments or environment, because arguments and environments can be read by others.
 */
const Listen = z.strictObject({
  host: z.string(),
  port: z.int().min(0).max(65_535),
});
export type Listen = z.infer<typeof Listen>;

const Remote = z.strictObject({ url: z.url() });

export const DatabaseConfig = z.strictObject({
  part: z.literal('database'),
  listen: Listen,
  data_dir: z.string(),
  database: Name,
  user: Name,
  password: z.string().min(16),
});
export type DatabaseConfig = z.infer<typeof DatabaseConfig>;

export const ControllerConfig = z.strictObject({
  part: z.literal('controller'),
  mesh: Name,
  listen: Listen,
  database: z.strictObject({ url: z.string(), pool: z.int().min(2).max(200).default(10) }),
  signing_key: z.looseObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    d: z.string(),
    kid: z.string(),
  }),
  clients: z.array(Client),
  people: OrgChart.default([]).describe('The org chart'),
  profiles: z.array(Profile),
  approvals: ApprovalPolicy,
  token_seconds: z.int().min(30).max(3600).default(600),
  lease_seconds: z.number().positive().max(3600).default(20),
  agent_gone_seconds: z
    .number()
    .positive()
    .max(604_800)
    .default(300)
    .describe('An agent that nobody has seen for so long is not waited for: others take over its sessions'),
  session_retention_days: z.number().positive().default(30),
  event_retention_days: z.number().positive().max(36_500).default(90),
  session_timeouts: z
    .record(z.string(), TimeOutHours)
    .default({})
    .describe('By role, * for all: before what the profiles say'),
  prices: PriceTable.default({}).describe('What models cost'),
});
export type ControllerConfig = z.infer<typeof ControllerConfig>;

/** Ways in which providers want their key. */
const UPSTREAM_APIS = ['openai', 'anthropic', 'azure'] as const;
export type UpstreamApi = (typeof UPSTREAM_APIS)[number];

export const GuardConfig = z.strictObject({
  part: z.literal('guard'),
  mesh: Name,
  listen: Listen,
  controller: Remote,
  client: Credentials,
  agent: Name.describe('The one agent whose calls this guard takes'),
  mask_key: z.string().min(32).describe('Secret of the placeholders, the same for the whole mesh'),
  role: Name.describe('Of that agent'),
  privacy: PrivacyPolicy.describe(
    'Of the profile of that role; the mode until the controller has told another',
  ),
  limits: CallLimits,
  budgeted: z
    .boolean()
    .describe('Whether that role has budgets, so that the controller is asked before a call'),
  upstream: z.strictObject({
    base_url: z.url().describe('With {model} where Azure has the deployment'),
    api_key: z.string().describe('Empty where the provider wants none'),
    api: z.enum(UPSTREAM_APIS).optional().describe('How the key is presented; default: openai'),
    ca: z.string().optional().describe('Certificates (PEM) that are trusted instead of the usual ones'),
    private_hosts: z
      .array(z.string())
      .describe('Hosts that may have addresses which are not of the internet: mesh.yaml names them'),
  }),
  knowledge: GuardKnowledge.optional().describe('What the mesh itself knows about personal data'),
});
export type GuardConfig = z.infer<typeof GuardConfig>;

export const AgentConfig = z.strictObject({
  part: z.literal('agent'),
  mesh: Name,
  controller: Remote,
  guard: Remote,
  client: Credentials,
  name: Name,
  role: Name,
  model: z.string().min(1),
  data_dir: z.string(),
  goose: z.string().optional().describe('Path of the goose program; found in the package by default'),
});
export type AgentConfig = z.infer<typeof AgentConfig>;

export const ModelConfig = z.strictObject({
  part: z.literal('model'),
  listen: Listen,
  api_key: z.string().min(16).describe('What guards present, as to any provider'),
  admin_key: z.string().min(16).describe('What loads rehearsals and reads the ledger'),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

export const PartConfig = z.discriminatedUnion('part', [
  DatabaseConfig,
  ControllerConfig,
  GuardConfig,
  AgentConfig,
  ModelConfig,
]);
export type PartConfig = z.infer<typeof PartConfig>;
export type Part = PartConfig['part'];

/** The log line by which a part tells its engine that it serves. */
export const READY_MESSAGE = 'ready';
