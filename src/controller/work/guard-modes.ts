import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { PrivacyMode, RoleMode } from '../../core/privacy.ts';
import type { Queryable } from '../../store/database.ts';
import { insertEvents } from '../../store/events.ts';
import { forgetMode, listModes, type StoredMode, setMode } from '../../store/guard/modes.ts';
import type { Deps } from '../deps.ts';
import { findProfile } from './profiles.ts';

/** The modes of all roles: what an admin has set, as long as the profile allows it, else what the profile says. */
export async function listRoleModes({ config }: Deps, db: Queryable): Promise<readonly RoleMode[]> {
  const stored = new Map((await listModes(db)).map((mode) => [mode.role, mode]));
  return config.profiles
    .map(({ role, privacy: { mode, may_override } }) => {
      const override = allowed(stored.get(role), may_override);
      return {
        role,
        mode: override?.mode ?? mode,
        profile_mode: mode,
        may_override,
        set_by: override?.set_by ?? null,
        set_at: override?.set_at ?? null,
      };
    })
    .sort((a, b) => (a.role < b.role ? -1 : 1));
}

/**
 * Switches the mode of a role; the guards hear of it by the event. Null gives back what the profile says. What is so
 * already makes no event.
 *
 * @throws MeshError unknown_role, forbidden (the profile does not allow that mode)
 */
export async function switchMode(
  deps: Deps,
  by: Principal,
  { role, mode }: { readonly role: string; readonly mode: PrivacyMode | null },
): Promise<RoleMode> {
  const { privacy } = findProfile(deps, role);
  if (mode !== null && mode !== privacy.mode && !privacy.may_override.includes(mode)) {
    throw new MeshError('forbidden', `The profile of ${role} does not allow the mode ${mode}.`, {
      hint: `It allows ${[...new Set([privacy.mode, ...privacy.may_override])].join(', ')} (privacy.may_override).`,
    });
  }
  return deps.db.transaction(async (tx) => {
    const before = await findMode(deps, tx, role);
    if (mode === null) await forgetMode(tx, role);
    else await setMode(tx, { role, mode, set_by: by.actor });
    const after = await findMode(deps, tx, role);
    if (after.mode !== before.mode || (after.set_by === null) !== (before.set_by === null)) {
      await insertEvents(tx, [
        {
          kind: 'guard.mode_set',
          actor: by.actor,
          subject: `role:${role}`,
          owner: null,
          trace_id: null,
          data: { role, mode: after.mode, before: before.mode, by_profile: mode === null },
        },
      ]);
    }
    return after;
  });
}

async function findMode(deps: Deps, tx: Queryable, role: string): Promise<RoleMode> {
  const found = (await listRoleModes(deps, tx)).find((candidate) => candidate.role === role);
  if (found === undefined) throw new TypeError(`the role ${role} has a profile and no mode`);
  return found;
}

function allowed(stored: StoredMode | undefined, modes: readonly PrivacyMode[]): StoredMode | undefined {
  return stored !== undefined && modes.includes(stored.mode) ? stored : undefined;
}
