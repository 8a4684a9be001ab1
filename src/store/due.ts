import type { LivingState, Session } from '../core/session.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';
import { SESSION_COLUMNS } from './sessions/columns.ts';

const LOCK = {
  name: 'lock_sweeper',
  text: `select pg_try_advisory_xact_lock(hashtextextended('goose-mesh sweeper', 0)) as locked`,
};

/** Makes whoever runs this transaction the one sweeper of the database, until it ends. False: another one sweeps. */
export async function lockSweeper(tx: Queryable): Promise<boolean> {
  return onlyRow(await tx.query<{ locked: boolean }>(LOCK)).locked;
}

/** How long sessions may stay in their states. */
export interface TimeOuts {
  readonly limits: readonly {
    readonly role: string;
    readonly state: LivingState;
    readonly seconds: number;
  }[];
  /** For roles that are not named. */
  readonly otherwiseSeconds: number;
}

/** $1 to $4 of the statements below. */
function toParameters({ limits, otherwiseSeconds }: TimeOuts): readonly unknown[] {
  return [
    otherwiseSeconds,
    limits.map(({ role }) => role),
    limits.map(({ state }) => state),
    limits.map(({ seconds }) => seconds),
  ];
}

const GIVEN = 'unnest($2::text[], $3::text[], $4::float8[]) as given(role, status, seconds)';
const IS_LIVING = `s.status in ('pending', 'active', 'paused')`;

/**
 * The oldest session of every role and state in which sessions live, and how long it may stay there. They are found by
 * hopping along idx_sessions_idle from one role and state to the next, however many sessions have them. (By comparing
 * rows: told that role and state are equal to something, the planner takes the index of last_transition_at alone.)
 */
const OLDEST = `
    recursive hops as (
      (select s.role, s.status, s.last_transition_at from sessions s where ${IS_LIVING}
       order by s.role, s.status, s.last_transition_at limit 1)
      union all
      select next.* from hops h cross join lateral (
        select s.role, s.status, s.last_transition_at from sessions s
        where ${IS_LIVING} and (s.role, s.status) > (h.role, h.status)
        order by s.role, s.status, s.last_transition_at limit 1) next
    ), oldest as (
      select role, status, last_transition_at,
             make_interval(secs => coalesce(given.seconds, $1::float8)) as longest
      from hops left join ${GIVEN} using (role, status)
    )`;

/** Plan: single-row scans, each of the index that is ordered by its time; of sessions one for each role and state. */
const NEXT_DUE = {
  name: 'next_due',
  text: `
    with ${OLDEST}
    select (extract(epoch from least(
      (select min(lease_expires_at) from tasks where lease_expires_at is not null),
      (select min(claimable_at) from tasks where claimable_at > now() and attempts > 0),
      (select min(deadline) from tasks where deadline is not null and finished_at is null),
      (select min(expires_at) from approvals where status = 'pending'),
      (select min(due_at) from approvals where due_at is not null),
      (select min(last_transition_at + longest) from oldest)
    ) - now()) * 1000)::float8 as in_ms`,
};

/** Milliseconds until something is due by the database's clock; undefined when nothing ever will be. */
export async function readNextDue(db: Queryable, timeOuts: TimeOuts): Promise<number | undefined> {
  const rows = await db.query<{ in_ms: number | null }>(NEXT_DUE, toParameters(timeOuts));
  return onlyRow(rows).in_ms ?? undefined;
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

const IDLE = {
  name: 'list_idle_sessions',
  text: `
    with ${OLDEST}
    select idle.id from oldest o cross join lateral (
      select s.id, s.last_transition_at from sessions s
      where ${IS_LIVING}
        and (s.role, s.status, s.last_transition_at) >= (o.role, o.status, o.last_transition_at)
        and (s.role, s.status, s.last_transition_at) <= (o.role, o.status, now() - o.longest)
      order by s.role, s.status, s.last_transition_at limit $5) idle
    order by idle.last_transition_at limit $5`,
};

/** Sessions that have stayed in their state for as long as they may. */
export async function listIdleSessions(
  db: Queryable,
  timeOuts: TimeOuts,
  limit: number,
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(IDLE, [...toParameters(timeOuts), limit]);
  return rows.map(({ id }) => id);
}

const LOCK_IDLE = {
  name: 'lock_idle_session',
  text: `
    select ${SESSION_COLUMNS} from sessions s
    where s.id = $5 and ${IS_LIVING}
      and s.last_transition_at <= now() - make_interval(secs => coalesce(
        (select given.seconds from ${GIVEN} where given.role = s.role and given.status = s.status), $1::float8))
    for no key update`,
};

/** Locks a session if it is still idle. */
export async function lockIdleSession(
  db: Queryable,
  timeOuts: TimeOuts,
  id: string,
): Promise<Session | undefined> {
  const [session] = await db.query<Session>(LOCK_IDLE, [...toParameters(timeOuts), id]);
  return session;
}
