import type { PrivacyMode } from '../../core/privacy.ts';
import type { Queryable } from '../database.ts';

/** A mode that an admin has set. */
export interface StoredMode {
  readonly role: string;
  readonly mode: PrivacyMode;
  readonly set_by: string;
  readonly set_at: string;
}

const LIST = { name: 'list_guard_modes', text: 'select role, mode, set_by, set_at from guard_modes' };

export function listModes(db: Queryable): Promise<readonly StoredMode[]> {
  return db.query<StoredMode>(LIST);
}

const SET = {
  name: 'set_guard_mode',
  text: `
    insert into guard_modes (role, mode, set_by) values ($1, $2, $3)
    on conflict (role) do update set mode = excluded.mode, set_by = excluded.set_by, set_at = now()`,
};

export async function setMode(
  tx: Queryable,
  { role, mode, set_by }: Omit<StoredMode, 'set_at'>,
): Promise<void> {
  await tx.query(SET, [role, mode, set_by]);
}

const FORGET = { name: 'forget_guard_mode', text: 'delete from guard_modes where role = $1' };

/** The role has the mode of its profile again. */
export async function forgetMode(tx: Queryable, role: string): Promise<void> {
  await tx.query(FORGET, [role]);
}
