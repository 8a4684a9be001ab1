import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { MeshError } from '../core/errors.ts';
import { findPackageRoot } from '../core/package-root.ts';
import type { ApprovalPolicy } from '../core/policy.ts';
import type { PriceTable } from '../core/prices.ts';
import { EVERY_ROLE, Profile } from '../core/profile.ts';
import { describeUnknown, didYouMean } from '../core/text.ts';
import { readYamlFile } from '../core/yaml-file.ts';
import type { MeshSpec } from './mesh-file.ts';
import { loadPolicies, rolesNamed } from './policies.ts';
import { loadPrices } from './prices.ts';

/** What the controller decides by. */
export interface Rules {
  readonly profiles: readonly Profile[];
  readonly approvals: ApprovalPolicy;
  readonly prices: PriceTable;
}

/**
 * Loads the profiles of a mesh's roles, its approval policy and its prices: the project's own, else the package's.
 *
 * A role exists if it has a profile, whether or not an agent of this mesh plays it: the rules of the package fit
 * every choice of agents. One that only people have needs none: it exists if policy names it and somebody has it.
 *
 * @throws MeshError configuration: a role without a profile, a name of a role that does not exist
 */
export async function loadRules(spec: MeshSpec): Promise<Rules> {
  const { projectDir, agents, users } = spec;
  const withProfile = await listProfiles(projectDir);
  const roles = [...new Set(agents.map(({ role }) => role))];
  const profiles = await Promise.all(roles.map((role) => loadProfile(projectDir, role, withProfile)));
  const ofPeople = users.flatMap((user) => user.roles);
  const approvals = await loadPolicies(projectDir, {
    roles: [...withProfile, ...ofPeople],
    agentRoles: roles,
    people: users,
  });
  checkPeople(users, [...withProfile, ...approvals.rules.flatMap(rolesNamed)]);
  checkTimeOuts(spec, withProfile);
  return { profiles, approvals, prices: await loadPrices(spec.prices) };
}

async function loadProfile(projectDir: string, role: string, known: readonly string[]): Promise<Profile> {
  if (!known.includes(role)) throw noProfile(projectDir, role, known);
  const path = findFile(projectDir, join('profiles', `${role}.yaml`));
  const profile = await readYamlFile(
    path,
    Profile.superRefine(({ policies }, context) => {
      for (const [index, target] of policies.targets.entries())
        requireRole(context, ['policies', 'targets', index, 'role'], target.role, known);
    }),
  );
  if (profile.role === role) return profile;
  throw new MeshError(
    'configuration',
    `${path} must be the profile of ${role}, but it says role: ${profile.role}.`,
  );
}

function requireRole(
  context: z.core.$RefinementCtx,
  path: PropertyKey[],
  role: string,
  known: readonly string[],
): void {
  if (!known.includes(role))
    context.addIssue({ code: 'custom', path, message: describeUnknown('role', role, known) });
}

/** Not a part of the schema of mesh.yaml: which roles there are is only known when that has been read. */
function checkPeople(users: MeshSpec['users'], known: readonly string[]): void {
  const mistakes = users.flatMap(({ name, roles }) =>
    roles
      .filter((role) => !known.includes(role))
      .map((role) => `users: ${name}: ${describeUnknown('role', role, known)}`),
  );
  if (mistakes.length === 0) return;
  throw new MeshError('configuration', mistakes.join('\n'), {
    hint: 'A role has a profile (profiles/<role>.yaml), or is named by the approval policy (policies/*.yaml).',
  });
}

function checkTimeOuts({ session_timeouts }: MeshSpec, known: readonly string[]): void {
  const unknown = Object.keys(session_timeouts).filter(
    (role) => role !== EVERY_ROLE && !known.includes(role),
  );
  if (unknown.length === 0) return;
  const mistakes = unknown.map((role) => `session_timeouts: ${describeUnknown('role', role, known)}`);
  throw new MeshError('configuration', mistakes.join('\n'), {
    hint: `${JSON.stringify(EVERY_ROLE)} stands for every role.`,
  });
}

function noProfile(projectDir: string, role: string, known: readonly string[]): MeshError {
  const near = didYouMean(role, known);
  return new MeshError(
    'configuration',
    `There is no profile for the role ${role}; there are those of ${known.join(', ')}.`,
    {
      hint:
        near === undefined
          ? `Write ${join(projectDir, 'profiles', `${role}.yaml`)}, or use one of those.`
          : `Did you mean ${near}?`,
    },
  );
}

/** The roles that have a profile, of the project or of the package. */
async function listProfiles(projectDir: string): Promise<readonly string[]> {
  const folders = [projectDir, findPackageRoot()].map((root) => join(root, 'profiles'));
  const files = await Promise.all(
    folders.filter((folder) => existsSync(folder)).map((folder) => readdir(folder)),
  );
  const roles = files
    .flat()
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'));
  return [...new Set(roles)].sort();
}

function findFile(projectDir: string, name: string): string {
  const own = join(projectDir, name);
  return existsSync(own) ? own : join(findPackageRoot(), name);
}
