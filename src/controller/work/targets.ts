import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Profile } from '../../core/profile.ts';
import { type PassingTypes, passes, typesTo } from '../../core/targets.ts';
import type { Deps } from '../deps.ts';
import { findProfile } from './profiles.ts';

/**
 * Who may send what to whom. An agent may address only the roles that its profile names, with the types of tasks that
 * it names; people may address every role. Nobody may send a role what its own profile does not accept.
 */

/** The types of tasks that a caller may send to a role; undefined: it may not even notify it. */
export function typesFrom(deps: Deps, by: Principal, receiver: Profile): PassingTypes | undefined {
  if (by.kind !== 'agent') return receiver.policies.accepts ?? 'any';
  return typesTo(
    by.roles.flatMap((role) => findProfile(deps, role).policies.targets),
    receiver,
  );
}

/** Throws `unknown_role`, `forbidden`. */
export function requireTarget(deps: Deps, by: Principal, target: string): void {
  requireTypes(deps, by, target);
}

/** Throws `unknown_role`, `forbidden` with what would be allowed. */
export function requireRoute(deps: Deps, by: Principal, task: { target: string; type: string }): void {
  const types = requireTypes(deps, by, task.target);
  if (passes(types, task.type)) return;
  const who = by.kind === 'agent' ? `The role ${by.roles.join(', ')}` : by.actor;
  throw new MeshError('forbidden', `${who} may not send ${task.target} a task of type ${task.type}.`, {
    hint: types.length === 0 ? 'It may send it none.' : `Allowed: ${describe(types)}.`,
    details: { types },
  });
}

function requireTypes(deps: Deps, by: Principal, target: string): PassingTypes {
  const types = typesFrom(deps, by, findProfile(deps, target));
  if (types !== undefined) return types;
  const allowed = by.roles.flatMap((role) => findProfile(deps, role).policies.targets);
  throw new MeshError('forbidden', `The role ${by.roles.join(', ')} may not address ${target}.`, {
    hint:
      allowed.length === 0
        ? 'It may address no role.'
        : `It may address ${allowed.map(({ role, types: some }) => `${role}${some === undefined ? '' : ` (${describe(some)})`}`).join(', ')}.`,
  });
}

const describe = (types: PassingTypes) => (types === 'any' ? 'any type' : types.join(', '));
