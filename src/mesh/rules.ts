import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../core/errors.ts';
import { findPackageRoot } from '../core/package-root.ts';
import { ApprovalPolicy } from '../core/policy.ts';
import { Profile } from '../core/profile.ts';
import { readYamlFile } from '../core/yaml-file.ts';
import type { MeshSpec } from './mesh-file.ts';

/** What the controller decides by. */
export interface Rules {
  readonly profiles: readonly Profile[];
  readonly approvals: ApprovalPolicy;
}

/**
 * Loads the profiles of a mesh's roles and its approval policy: the project's own files, else those of the package.
 *
 * @throws MeshError configuration: a role without a profile, a policy that names a role that is not there
 */
export async function loadRules(spec: MeshSpec): Promise<Rules> {
  const roles = [...new Set(spec.agents.map(({ role }) => role))];
  const profiles = await Promise.all(roles.map((role) => loadProfile(spec.projectDir, role)));
  const approvals = await readYamlFile(
    findFile(spec.projectDir, join('policies', 'approvals.yaml')),
    ApprovalPolicy,
  );
  return { profiles, approvals };
}

async function loadProfile(projectDir: string, role: string): Promise<Profile> {
  const path = findFile(projectDir, join('profiles', `${role}.yaml`));
  if (!existsSync(path)) {
    throw new MeshError(
      'configuration',
      `There is no profile for the role ${role}: ${path} does not exist.`,
      {
        hint: `Write profiles/${role}.yaml in ${projectDir}, or use a role of the package: finance, manager, legal.`,
      },
    );
  }
  const profile = await readYamlFile(path, Profile);
  if (profile.role === role) return profile;
  throw new MeshError(
    'configuration',
    `${path} must be the profile of ${role}, but it says role: ${profile.role}.`,
  );
}

function findFile(projectDir: string, name: string): string {
  const own = join(projectDir, name);
  return existsSync(own) ? own : join(findPackageRoot(), name);
}
