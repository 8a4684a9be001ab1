import type { Task } from '../../core/task.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { TASK_COLUMNS } from './columns.ts';

const EXPIRED = {
  name: 'list_tasks_with_expired_leases',
  text: `select id from tasks where lease_expires_at <= now() order by lease_expires_at limit $1`,
};

/** Tasks whose holder has fallen silent. */
export async function listExpiredLeases(db: Queryable, limit: number): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(EXPIRED, [limit]);
  return rows.map(({ id }) => id);
}

const OVERDUE = {
  name: 'list_overdue_tasks',
  text: `
    select id from tasks where deadline <= now() and finished_at is null
    order by deadline, created_at limit $1`,
};

/** Open tasks whose deadline has passed; of one deadline what others are beneath first. */
export async function listOverdueTasks(db: Queryable, limit: number): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(OVERDUE, [limit]);
  return rows.map(({ id }) => id);
}

const HELD = {
  name: 'list_leases_held_by_agent',
  text: `select id, lease_id from tasks where agent = $1 and lease_id is not null`,
};

export interface HeldLease {
  /** The task. */
  readonly id: string;
  readonly lease_id: string;
}

/** The leases of an agent: those of its earlier life when it registers again. */
export function listHeldLeases(db: Queryable, agent: string): Promise<readonly HeldLease[]> {
  return db.query<HeldLease>(HELD, [agent]);
}

const RELEASE = {
  name: 'release_task',
  text: `
    with t as (
      update tasks set status = 'pending', lease_id = null, lease_expires_at = null,
                       claimable_at = now() + make_interval(secs => $2)
      where id = $1
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.released', $3, 'task:' || t.id, t.owner, t.trace_id,
             jsonb_strip_nulls(jsonb_build_object('type', t.type, 'target', t.target, 'agent', t.agent,
               'attempt', t.attempts, 'reason', $4::text, 'privileged', nullif(t.privileged, false)))
      from t
    )
    select ${TASK_COLUMNS} from t`,
};

export interface ReleaseTask {
  readonly id: string;
  readonly after_seconds: number;
  readonly actor: string;
  readonly reason: string;
}

/** Puts a task back for another attempt, after a while. */
export async function releaseTask(db: Queryable, release: ReleaseTask): Promise<Task> {
  const { id, after_seconds, actor, reason } = release;
  return onlyRow(await db.query<Task>(RELEASE, [id, after_seconds, actor, reason]));
}
