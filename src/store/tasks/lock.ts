import type { Session } from '../../core/session.ts';
import type { Task } from '../../core/task.ts';
import type { Queryable } from '../database.ts';
import { SESSION_COLUMNS } from '../sessions/columns.ts';
import { LEASE_COLUMNS, TASK_COLUMNS } from './columns.ts';

/**
 * SQL: the open tasks beneath a task, of which none reviews an approval: what was asked while it was worked on, and
 * while that was worked on. Plan: one scan of idx_tasks_children for each of them.
 */
const below = (id: string) => `
    with recursive below as (
      select c.id, c.session_id, 1 as depth from tasks c
      where c.parent_id = ${id} and c.finished_at is null and c.approval_id is null
      union all
      select c.id, c.session_id, b.depth + 1 from below b join tasks c on c.parent_id = b.id
      where c.finished_at is null and c.approval_id is null
    )`;

const PLACE = {
  name: 'find_place_of_task',
  text: `
    select t.session_id, t.parent_id, t.approval_id, (${below('t.id')}
      select coalesce(jsonb_agg(jsonb_build_object('id', id, 'session_id', session_id) order by depth desc, id), '[]')
      from below) as below
    from tasks t where t.id = $1`,
};

export interface TaskPlace {
  readonly session_id: string | null;
  readonly parent_id: string | null;
  readonly approval_id: string | null;
  /** The open tasks beneath it, the deepest first. */
  readonly below: readonly { readonly id: string; readonly session_id: string | null }[];
}

/** Where a task stands, without locking anything. */
export async function findPlace(db: Queryable, id: string): Promise<TaskPlace | undefined> {
  const [place] = await db.query<TaskPlace>(PLACE, [id]);
  return place;
}

export interface LockedTask extends Task {
  readonly lease_id: string | null;
  readonly claimable: boolean;
  readonly lease_expired: boolean;
  /** True if its deadline has passed. */
  readonly overdue: boolean;
  /** True if an approval is asked for it that is not decided. */
  readonly has_requests: boolean;
  /** Ids of the open tasks beneath it. */
  readonly below: readonly string[];
}

/** What tells who holds a task. */
export type Holding = Pick<
  LockedTask,
  'id' | 'status' | 'finished_at' | 'agent' | 'lease_id' | 'lease_expired'
>;

/** SQL: false once one of these tasks has got a session. */
export const noneHasSession = (ids: string) =>
  `not exists (select from tasks n where n.id = any(${ids}) and n.session_id is not null)`;

const lock = (which: string) => `
    select ${TASK_COLUMNS}, ${LEASE_COLUMNS}, array(${below('t.id')} select id from below) as below
    from tasks t where ${which}
    for no key update of t`;

const LOCK = { name: 'lock_task', text: lock('t.id = $1') };

/** In the order of the ids that are given. */
const LOCK_ALL = {
  name: 'lock_tasks',
  text: lock(`t.id = any($1::uuid[]) and ${noneHasSession('$2::uuid[]')}
    order by array_position($1::uuid[], t.id)`),
};

/**
 * Reads tasks and keeps others from changing them until the transaction ends. Locks nothing once one of those that are
 * given as `unclaimed` has got a session. A single one, as mostly, has a statement of its own: PostgreSQL would plan that
 * for any number anew each time.
 */
export function lockTasks(
  db: Queryable,
  ids: readonly string[],
  unclaimed: readonly string[] = [],
): Promise<readonly LockedTask[]> {
  return ids.length === 1 && unclaimed.length === 0
    ? db.query<LockedTask>(LOCK, ids)
    : db.query<LockedTask>(LOCK_ALL, [ids, unclaimed]);
}

const LOCK_FREE_SESSIONS = {
  name: 'lock_free_sessions_of_tasks',
  text: `
    select ${SESSION_COLUMNS} from unnest($1::uuid[]) wanted (id)
      cross join lateral (select session_id from tasks where id = wanted.id offset 0) t
      cross join lateral (select * from sessions where id = t.session_id for no key update skip locked) s`,
};

const LOCK_FREE_TASKS = {
  name: 'lock_free_tasks',
  text: `
    select ${TASK_COLUMNS}, ${LEASE_COLUMNS}, array(${below('t.id')} select id from below) as below
    from unnest($1::uuid[]) wanted (id)
      cross join lateral (select * from tasks where id = wanted.id for no key update skip locked) t`,
};

export interface FreeWork {
  readonly task: LockedTask;
  readonly session: Session | undefined;
}

/** Locks tasks with their sessions, sessions first; passes over whatever others have locked, and so waits for nobody. */
export async function lockFreeTasks(db: Queryable, ids: readonly string[]): Promise<readonly FreeWork[]> {
  // Sent together, done one after the other: nobody can add work beneath a task once its session is locked.
  const [sessions, tasks] = await Promise.all([
    db.query<Session>(LOCK_FREE_SESSIONS, [ids]),
    db.query<LockedTask>(LOCK_FREE_TASKS, [ids]),
  ]);
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return tasks.map((task) => {
    return { task, session: task.session_id === null ? undefined : byId.get(task.session_id) };
  });
}
