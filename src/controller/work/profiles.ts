import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { MeshTool, Profile } from '../../core/profile.ts';
import { didYouMean } from '../../core/text.ts';
import type { Deps } from '../deps.ts';

/** The profile of a role that is part of this mesh. Throws `unknown_role` with the list of those that are. */
export function findProfile(deps: Deps, role: string): Profile {
  const profile = deps.config.profiles.find((candidate) => candidate.role === role);
  if (profile !== undefined) return profile;
  const known = deps.config.profiles.map((candidate) => candidate.role);
  const near = didYouMean(role, known);
  throw new MeshError(
    'unknown_role',
    `There is no role ${JSON.stringify(role)}; this mesh has ${known.join(', ')}.`,
    {
      hint: near === undefined ? undefined : `Did you mean ${near}?`,
      details: { roles: known },
    },
  );
}

/** An agent may do only what its profile has a tool for, by whichever way it asks; people need none. */
export function requireTool(deps: Deps, by: Principal, tool: MeshTool): void {
  if (by.kind !== 'agent') return;
  const allowed = by.roles.flatMap((role) => findProfile(deps, role).policies.tools);
  if (allowed.includes(tool)) return;
  throw new MeshError('forbidden', `The profile of ${by.roles.join(', ')} does not have the tool ${tool}.`, {
    hint: allowed.length === 0 ? 'It has no tool.' : `It has ${allowed.join(', ')}.`,
  });
}
