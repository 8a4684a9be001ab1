import type { Session } from '../core/session.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';
import { SESSION_COLUMNS } from './sessions/columns.ts';

/** Plan: four single-row scans, each of the index that is ordered by its time. */
const NEXT_DUE = {
  name: 'next_due',
  text: `
    select (extract(epoch from least(
      (select min(lease_expires_at) from tasks where lease_expires_at is not null),
      (select min(claimable_at) from tasks where claimable_at > now() and attempts > 0),
      (select min(expires_at) from approvals where status = 'pending'),
      (select min(last_transition_at) + make_interval(secs => $1::float8 * 86400) from sessions
        where status in ('pending', 'active', 'paused'))
    ) - now()) * 1000)::float8 as in_ms`,
};

/** Milliseconds until something is due by the database's clock; undefined when nothing ever will be. */
export async function readNextDue(db: Queryable, retentionDays: number): Promise<number | undefined> {
  return onlyRow(await db.query<{ in_ms: number | null }>(NEXT_DUE, [retentionDays])).in_ms ?? undefined;
}

const RETRIES = {
  name: 'notify_roles_with_retries',
  text: `select count(pg_notify('goose_mesh_work', target)) from (
           select distinct target from tasks where claimable_at <= now() and attempts > 0) ready`,
};

/** Wakes the agents of every role that has work to try again; new work wakes them by itself. */
export async function notifyRolesWithRetries(db: Queryable): Promise<void> {
  await db.query(RETRIES);
}

const IS_IDLE = `s.status in ('pending', 'active', 'paused')
      and s.last_transition_at <= now() - make_interval(secs => $1::float8 * 86400)`;

const IDLE = {
  name: 'list_idle_sessions',
  text: `select s.id from sessions s where ${IS_IDLE} order by s.last_transition_at limit $2`,
};

const LOCK_IDLE = {
  name: 'lock_idle_session',
  text: `select ${SESSION_COLUMNS} from sessions s where ${IS_IDLE} and s.id = $2 for no key update`,
};

/** Locks a session if it is still idle. */
export async function lockIdleSession(
  db: Queryable,
  id: string,
  retentionDays: number,
): Promise<Session | undefined> {
  const [session] = await db.query<Session>(LOCK_IDLE, [retentionDays, id]);
  return session;
}

/** Sessions that have not moved for the whole retention time. */
export async function listIdleSessions(
  db: Queryable,
  retentionDays: number,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(IDLE, [retentionDays, limit]);
  return rows.map(({ id }) => id);
}
