import type { Task } from '../../core/task.ts';
import type { Queryable } from '../database.ts';
import { TASK_COLUMNS } from './columns.ts';

export interface ClaimTask {
  readonly role: string;
  readonly agent: string;
  readonly lease_id: string;
  readonly lease_seconds: number;
}

/**
 * Takes the task that has waited longest for this role. A task whose conversation is held by an agent goes only
 * to that agent. A task that waited for an answer is active already and starts no new attempt.
 *
 * Plan: index scan of idx_tasks_claim in the order of claimable_at, stopped by the first row that is not locked.
 */
const CLAIM = {
  name: 'claim_task',
  text: `
    with candidate as (
      select t.id from tasks t left join sessions s on s.id = t.session_id
      where t.target = $1 and t.claimable_at <= now() and (s.agent is null or s.agent = $2)
        and (s.status is null or s.status in ('pending', 'active'))
      order by t.claimable_at
      limit 1
      for update of t skip locked
    ), claimed as (
      update tasks t set
        status = 'active',
        agent = $2,
        lease_id = $3,
        lease_expires_at = now() + make_interval(secs => $4),
        claimable_at = null,
        attempts = t.attempts + case when t.status = 'pending' then 1 else 0 end,
        claimed_at = now()
      from candidate c where t.id = c.id
      returning t.*
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.claimed', 'agent:' || $2, 'task:' || id, owner, trace_id,
             jsonb_strip_nulls(jsonb_build_object('type', type, 'target', target, 'attempt', attempts,
               'session_id', session_id))
      from claimed
    )
    select ${TASK_COLUMNS} from claimed t`,
};

export async function claimTask(db: Queryable, claim: ClaimTask): Promise<Task | undefined> {
  const [task] = await db.query<Task>(CLAIM, [claim.role, claim.agent, claim.lease_id, claim.lease_seconds]);
  return task;
}

const FIND_BY_LEASE = {
  name: 'find_task_by_lease',
  text: `select ${TASK_COLUMNS} from tasks t where t.lease_id = $1 and t.agent = $2`,
};

/** The task that an agent already holds under a lease: its claim was carried out, but the answer got lost. */
export async function findTaskByLease(
  db: Queryable,
  leaseId: string,
  agent: string,
): Promise<Task | undefined> {
  const [task] = await db.query<Task>(FIND_BY_LEASE, [leaseId, agent]);
  return task;
}

const EXTEND = {
  name: 'extend_lease',
  text: `
    update tasks t set lease_expires_at = now() + make_interval(secs => $3)
    where t.id = $1 and t.lease_id = $2
    returning ${TASK_COLUMNS}`,
};

/** Undefined: the lease was lost. */
export async function extendLease(
  db: Queryable,
  { id, lease_id, lease_seconds }: { id: string; lease_id: string; lease_seconds: number },
): Promise<Task | undefined> {
  const [task] = await db.query<Task>(EXTEND, [id, lease_id, lease_seconds]);
  return task;
}

const ATTACH_SESSION = {
  name: 'attach_session_to_task',
  text: 'update tasks set session_id = $2 where id = $1',
};

export async function attachSession(db: Queryable, id: string, sessionId: string): Promise<void> {
  await db.query(ATTACH_SESSION, [id, sessionId]);
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
    update tasks set claimable_at = now(), lease_id = null, lease_expires_at = null
    where id = $1 and finished_at is null`,
};

/** Lets an agent take the task now. */
export async function offerTask(db: Queryable, id: string): Promise<void> {
  await db.query(OFFER, [id]);
}
