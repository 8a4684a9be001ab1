import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { Name } from '../core/identity.ts';
import { Knowledge } from '../core/knowledge.ts';
import { checkOrgChart, Person } from '../core/org.ts';
import { PriceTable } from '../core/prices.ts';
import { EVERY_ROLE, TimeOutHours } from '../core/profile.ts';
import { readYamlFile } from '../core/yaml-file.ts';
import { DatabaseUrl } from './database-url.ts';
import { ENGINE_NAMES } from './engine.ts';
import { type ModelChoice, parseModel } from './model.ts';

/** Name of the person that commands act as unless they say otherwise. */
export const ADMIN = 'admin';

/** Its services are called after it, `guard-<name>`, and no host may have a name of more than 63 characters. */
const AgentName = Name.max(40);

const AgentEntry = z.strictObject({
  role: AgentName,
  name: AgentName.optional().describe('Default: the role'),
  replicas: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe(
      'Agents that share the work of the role; all but the first are numbered: finance, finance-2, ...',
    ),
});

/** Every replica is an agent of its own. */
function listReplicas({ role, name = role, replicas }: z.infer<typeof AgentEntry>) {
  return Array.from({ length: replicas }, (_, n) => ({ role, name: n === 0 ? name : `${name}-${n + 1}` }));
}

/** Two agents of one name would take each other for an earlier life of themselves. */
function requireOwnNames(agents: readonly { readonly name: string }[], context: z.RefinementCtx): void {
  const names = agents.map(({ name }) => name);
  const again = names.find((name, at) => names.indexOf(name) !== at);
  if (again === undefined) return;
  context.addIssue(`every agent needs a name of its own, replicas included: ${again} is there twice`);
}

const UserEntry = Person.extend({
  name: Name.refine((name) => name !== ADMIN, `${ADMIN} is the name of the mesh's own admin`),
  full_name: z.string().min(2).max(200).optional().describe('Masked in calls to models, like what follows'),
  nicknames: z.array(z.string().min(2).max(100)).default([]),
  email: z.string().min(3).max(254).optional(),
  phone: z.string().min(5).max(40).optional(),
});

/** What is always masked cannot be what is never masked. */
function refuseContradiction(
  { allow, deny }: Pick<Knowledge, 'allow' | 'deny'>,
  context: z.RefinementCtx,
): void {
  const allowed = new Set(allow.map((value) => value.toLowerCase()));
  for (const [index, { value }] of deny.entries()) {
    if (!allowed.has(value.toLowerCase())) continue;
    context.addIssue({ code: 'custom', path: ['deny', index], message: 'the same value stands under allow' });
  }
}

const Model = z.string().transform((text, context): ModelChoice => {
  const model = parseModel(text);
  if (typeof model !== 'string') return model;
  context.addIssue(model);
  return z.NEVER;
});

/** What `mesh.yaml` says. Everything has a default, so a mesh needs no file at all. */
export const MeshFile = z.strictObject({
  name: Name.max(40).optional().describe('Default: made from the folder'),
  engine: z.enum(['auto', ...ENGINE_NAMES]).default('auto'),
  agents: z
    .array(AgentEntry)
    .min(1)
    .prefault([{ role: 'finance' }, { role: 'manager' }, { role: 'legal' }])
    .transform((agents) => agents.flatMap(listReplicas))
    .superRefine(requireOwnNames),
  users: z.array(UserEntry).superRefine(checkOrgChart).default([]),
  model: Model.prefault('rehearsal'),
  database: z.strictObject({ url: DatabaseUrl.optional() }).prefault({}),
  controller: z.strictObject({ port: z.int().min(0).max(65_535).default(0) }).prefault({}),
  docker: z
    .strictObject({
      image: z.enum(['auto', 'machine', 'dockerfile']).default('auto').describe('How the image is made'),
      base_image: z.string().optional().describe('What docker/Dockerfile starts from'),
    })
    .prefault({}),
  guard: z
    .strictObject({
      ...Knowledge.shape,
      private_hosts: z
        .array(z.string().min(1).max(253))
        .default([])
        .describe('Names of hosts of a model whose addresses are not of the internet'),
      ca: z
        .string()
        .min(1)
        .optional()
        .describe('File of certificates (PEM) that are trusted instead of the usual ones, below this folder'),
    })
    .superRefine(refuseContradiction)
    .prefault({}),
  prices: PriceTable.default({}).describe('What models cost: before the table of the package'),
  agent_gone_seconds: z
    .int()
    .min(60)
    .max(604_800)
    .default(300)
    .describe('Others of its role take over from an agent that nobody has seen for so long'),
  session_retention_days: z.number().positive().max(3650).optional(),
  event_retention_days: z
    .number()
    .positive()
    .max(36_500)
    .default(90)
    .describe('How long the log keeps events'),
  session_timeouts: z
    .record(z.union([z.literal(EVERY_ROLE), Name]), TimeOutHours)
    .default({})
    .describe('By role, * for all: before what the profiles say'),
});
export type MeshFile = z.infer<typeof MeshFile>;

/** A mesh file with everything decided. */
export interface MeshSpec extends MeshFile {
  readonly name: string;
  readonly projectDir: string;
}

export const MESH_FILE = 'mesh.yaml';

/**
 * Reads mesh.yaml of a project; a project without one gets the defaults. A file that was named must be there.
 *
 * @throws MeshError configuration, with file, line, column and what was probably meant
 */
export async function loadMeshFile(projectDir: string, named?: string): Promise<MeshSpec> {
  const file = named ?? join(projectDir, MESH_FILE);
  const isThere = named !== undefined || existsSync(file);
  const parsed = isThere ? await readYamlFile(file, MeshFile) : MeshFile.parse({});
  return { ...parsed, name: parsed.name ?? nameAfter(projectDir), projectDir };
}

/** The folder's own name for people, and a digest of its path, so that two folders of one name do not clash. */
function nameAfter(dir: string): string {
  const readable = basename(dir)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  const digest = createHash('sha256').update(dir).digest('hex').slice(0, 4);
  return `${readable === '' ? 'mesh' : readable}-${digest}`;
}
