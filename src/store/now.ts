import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

const NOW = { name: 'now', text: 'select now() as at' };

/** The time by the one clock that decides: the database's. */
export async function readNow(db: Queryable): Promise<string> {
  return onlyRow(await db.query<{ at: string }>(NOW)).at;
}
