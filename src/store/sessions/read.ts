import { z } from 'zod';
import type { Page, PageQuery } from '../../core/page.ts';
import type { Session, SessionTransition } from '../../core/session.ts';
import { decodeCursor, decodeKey, toPage, toPageBy } from '../cursor.ts';
import type { Queryable } from '../database.ts';
import { type Holding, noneHasSession } from '../tasks/lock.ts';
import { SESSION_COLUMNS } from './columns.ts';

const GET = {
  name: 'get_session',
  text: `select ${SESSION_COLUMNS} from sessions s where s.id = $1`,
};

export async function getSession(db: Queryable, id: string): Promise<Session | undefined> {
  const [session] = await db.query<Session>(GET, [id]);
  return session;
}

const LIST_BY_ID = {
  name: 'list_sessions_by_id',
  text: `
    select ${SESSION_COLUMNS}
    from unnest($1::uuid[]) wanted (id) cross join lateral (select * from sessions where id = wanted.id offset 0) s`,
};

export function listSessionsById(db: Queryable, ids: readonly string[]): Promise<readonly Session[]> {
  return db.query<Session>(LIST_BY_ID, [ids]);
}

const LOCK = {
  name: 'lock_session',
  text: `select ${SESSION_COLUMNS} from sessions s where s.id = $1 for no key update`,
};

/** Reads a session and keeps others from changing it until the transaction ends. */
export async function lockSession(db: Queryable, id: string): Promise<Session | undefined> {
  const [session] = await db.query<Session>(LOCK, [id]);
  return session;
}

/** In the order of the ids that are given. */
const LOCK_ALL = {
  name: 'lock_sessions',
  text: `
    select ${SESSION_COLUMNS} from sessions s where s.id = any($1::uuid[]) and ${noneHasSession('$2::uuid[]')}
    order by array_position($1::uuid[], s.id)
    for no key update`,
};

/**
 * `lockSession` for several, one after the other. Locks nothing once one of the tasks that are given as `unclaimed` has
 * got a session. A single one, as mostly, has the statement for one: PostgreSQL would plan that for any number anew each
 * time.
 */
export function lockSessions(
  db: Queryable,
  ids: readonly string[],
  unclaimed: readonly string[] = [],
): Promise<readonly Session[]> {
  return ids.length === 1 && unclaimed.length === 0
    ? db.query<Session>(LOCK, ids)
    : db.query<Session>(LOCK_ALL, [ids, unclaimed]);
}

const LOCK_HELD = {
  name: 'lock_held_session',
  text: `
    select ${SESSION_COLUMNS}, jsonb_build_object('id', t.id, 'status', t.status, 'finished_at', t.finished_at,
             'agent', t.agent, 'lease_id', t.lease_id, 'lease_expired', coalesce(t.lease_expires_at <= now(), false)) as holding
    from sessions s join tasks t on t.id = s.task_id where s.id = $1
    for no key update`,
};

/**
 * `lockSession` for one that works on a task, with who holds the task. The task is locked after the session, by the same
 * statement: a lease that is given, kept or taken away meanwhile is waited for.
 */
export async function lockHeldSession(
  db: Queryable,
  id: string,
): Promise<{ session: Session; holding: Holding } | undefined> {
  const [row] = await db.query<Session & { holding: Holding }>(LOCK_HELD, [id]);
  if (row === undefined) return undefined;
  const { holding, ...session } = row;
  return { session, holding };
}

const LIST = {
  name: 'list_sessions',
  text: `
    select ${SESSION_COLUMNS} from sessions s
    where ($1::text is null or s.role = $1)
      and ($2::text is null or s.status = $2)
      and ($3::text is null or s.owner = $3)
      and ($4::text is null or s.agent = $4)
      and ($5::timestamptz is null or (s.created_at, s.id) < ($5, $6::uuid))
    order by s.created_at desc, s.id desc
    limit $7`,
};

export interface ListSessions {
  readonly role?: string | undefined;
  readonly status?: string | undefined;
  readonly owner?: string | undefined;
  readonly agent?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first. Plan: a backward scan of idx_sessions_listing that stops after `limit` matching rows. */
export async function listSessions(db: Queryable, list: ListSessions): Promise<Page<Session>> {
  const cursor = decodeCursor(list.cursor);
  const rows = await db.query<Session>(LIST, [
    list.role ?? null,
    list.status ?? null,
    list.owner ?? null,
    list.agent ?? null,
    cursor?.created_at ?? null,
    cursor?.id ?? null,
    list.limit + 1,
  ]);
  return toPage(rows, list.limit);
}

const ORIGINS = {
  name: 'list_session_origins',
  text: `
    select id, array_append(earlier_agents, agent) as agents, owner, trace_id, task_id
    from sessions where id = any($1::uuid[])`,
};

export interface SessionOrigin {
  readonly id: string;
  /** Who holds it, and who did before. */
  readonly agents: readonly (string | null)[];
  readonly owner: string;
  readonly trace_id: string;
  readonly task_id: string | null;
}

/** Whose conversations sessions are and on whose behalf they run, by their ids. */
export async function listOrigins(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SessionOrigin>> {
  const rows = await db.query<SessionOrigin>(ORIGINS, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

const TRANSITIONS = {
  name: 'list_session_transitions',
  text: `
    select session_id, version, from_state, event, to_state, actor, reason, at
    from session_transitions where session_id = $1 and version > $2::bigint order by version limit $3`,
};

/** Oldest first. Plan: an index scan of the primary key that stops after `limit` rows. */
export async function listTransitions(
  db: Queryable,
  sessionId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<SessionTransition>> {
  const after = decodeKey(cursor, z.coerce.number().int().nonnegative());
  const rows = await db.query<SessionTransition>(TRANSITIONS, [sessionId, after ?? 0, limit + 1]);
  return toPageBy(rows, limit, ({ version }) => version);
}
