import type { Task } from '../../core/task.ts';
import { seen } from '../agents.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { TASK_COLUMNS } from './columns.ts';

export interface Lease {
  readonly agent: string;
  readonly lease_id: string;
  readonly lease_seconds: number;
}

/** SQL: what a lease makes of a task. One that waited for an answer is active already and starts no new attempt. */
export const leased = (agent: string, leaseId: string, seconds: string) => `
        status = 'active',
        agent = ${agent},
        lease_id = ${leaseId},
        lease_expires_at = now() + make_interval(secs => ${seconds}),
        claimable_at = null,
        attempts = t.attempts + case when t.status = 'pending' then 1 else 0 end,
        claimed_at = now()`;

/** SQL: what the log says of a task that was claimed, beside its session. */
export const CLAIMED = `'type', type, 'target', target, 'attempt', attempts, 'privileged', nullif(privileged, false)`;

const RESUME = {
  name: 'resume_task',
  text: `
    with claimed as (
      update tasks t set ${leased('$2', '$3', '$4')} where t.id = $1
      returning t.*
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.claimed', 'agent:' || $2, 'task:' || id, owner, trace_id,
             jsonb_strip_nulls(jsonb_build_object(${CLAIMED}, 'session_id', session_id))
      from claimed
    )
    select ${TASK_COLUMNS} from claimed t`,
};

/** Goes on with a task that has its session and that the caller has locked. */
export async function resumeTask(db: Queryable, id: string, lease: Lease): Promise<Task> {
  return onlyRow(await db.query<Task>(RESUME, [id, ...toParameters(lease)]));
}

export const toParameters = ({ agent, lease_id, lease_seconds }: Lease) => [agent, lease_id, lease_seconds];

/** SQL: the task that waits for an agent, for a role, for longest. Plan: index scan of idx_tasks_resumed, stopped by the first row. */
const firstResumed = (agent: string, role: string) => `
      select t.id, t.claimable_at from tasks t join sessions s on s.id = t.session_id
      where t.agent = ${agent} and t.target = ${role} and t.session_id is not null and t.claimable_at <= now()
        and s.agent = ${agent} and s.status in ('pending', 'active')
      order by t.claimable_at
      limit 1`;

/** SQL: the same for agents of a role that are gone, all but one. */
const firstOrphan = (agent: string, role: string) => `
      select o.id, o.claimable_at
      from agents a cross join lateral (${firstResumed('a.name', role)}) o
      where a.role = ${role} and a.status = 'gone' and a.name <> ${agent}
      order by o.claimable_at limit 1`;

/** SQL: what the agent `c.agent` of `c.role` may go on with. */
export const RESUMED = (c: string) =>
  `(${firstResumed(`${c}.agent`, `${c}.role`)}) union all (${firstOrphan(`${c}.agent`, `${c}.role`)})`;

const FIND_RESUMED = {
  name: 'find_resumed_task',
  text: `
    select id from (
      (${firstResumed('$1', '$2')})
      union all
      (select * from (${firstOrphan('$1', '$2')}) o where $3)
    ) resumed
    limit 1`,
};

/**
 * A task that waits for the agent which holds its conversation or, if orphans are wanted, one whose agent is gone. It may
 * be locked by others at the moment.
 */
export async function findResumedTask(
  db: Queryable,
  { agent, role, orphans }: { agent: string; role: string; orphans: boolean },
): Promise<string | undefined> {
  const [task] = await db.query<{ id: string }>(FIND_RESUMED, [agent, role, orphans]);
  return task?.id;
}

/** Plan: index scan of idx_tasks_new, in whose order it reads, stopped by the first row. */
const FIND_NEW = {
  name: 'find_new_task',
  text: `
    select id from tasks
    where target = $1 and session_id is null and claimable_at <= now()
    order by priority desc, claimable_at
    limit 1`,
};

/** A task that nobody has worked on yet, even if others have locked it at the moment. */
export async function findNewTask(db: Queryable, role: string): Promise<string | undefined> {
  const [task] = await db.query<{ id: string }>(FIND_NEW, [role]);
  return task?.id;
}

/** SQL: the task that the agent `c.agent` holds under `c.lease_id`. */
export const HELD = (c: string) =>
  `select id from tasks where lease_id = ${c}.lease_id and agent = ${c}.agent and lease_expires_at > now()`;

const FIND_BY_LEASE = {
  name: 'find_task_by_lease',
  text: `select t.id from (select $1::uuid as lease_id, $2::text as agent) c cross join lateral (${HELD('c')}) t`,
};

/** The task that an agent already holds under a lease: its claim was carried out, but the answer got lost. */
export async function findTaskByLease(
  db: Queryable,
  leaseId: string,
  agent: string,
): Promise<string | undefined> {
  const [task] = await db.query<{ id: string }>(FIND_BY_LEASE, [leaseId, agent]);
  return task?.id;
}

const EXTEND = {
  name: 'extend_lease',
  text: `
    with ${seen('case when $5 then $2 end')}
    update tasks t set lease_expires_at = now() + make_interval(secs => $4)
    where t.id = $1 and t.agent = $2 and t.lease_id = $3 and t.lease_expires_at > now()
    returning ${TASK_COLUMNS}`,
};

/**
 * Undefined: the lease was lost. A sign of life in any case, unless the agent has only waited: one whose slots are all busy
 * claims nothing.
 */
export async function extendLease(
  db: Queryable,
  id: string,
  { agent, lease_id, lease_seconds }: Lease,
  { arrives } = { arrives: true },
): Promise<Task | undefined> {
  const [task] = await db.query<Task>(EXTEND, [id, agent, lease_id, lease_seconds, arrives]);
  return task;
}

const HOLD = {
  name: 'hold_task',
  text: 'update tasks set lease_id = null, lease_expires_at = null, claimable_at = null where id = $1',
};

/** Takes a waiting task out of everybody's hands until `offerTask`. */
export async function holdTask(db: Queryable, id: string): Promise<void> {
  await db.query(HOLD, [id]);
}

const OFFER = {
  name: 'offer_task',
  text: `
    update tasks set claimable_at = now() where id = $1 and finished_at is null and lease_id is null`,
};

/** Lets an agent take the task now, unless one still works on it. */
export async function offerTask(db: Queryable, id: string): Promise<void> {
  await db.query(OFFER, [id]);
}
