import type { Approval, ApprovalDecision } from '../../core/approval.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { APPROVAL_COLUMNS } from './columns.ts';

/** An approval with what the API does not show. */
export interface OwnedApproval extends Approval {
  readonly owner: string;
  /** Roles and actors that may see it since they may have to decide. */
  readonly asked: readonly string[];
}

export interface LockedApproval extends OwnedApproval {
  /** True if its time is over, whether or not it was closed already. */
  readonly overdue: boolean;
  /** True if a step is to escalate by now. */
  readonly is_due: boolean;
  /** The time, by the database's clock. */
  readonly at: string;
}

const LOCK = {
  name: 'lock_approval',
  text: `
    select ${APPROVAL_COLUMNS}, a.expires_at <= now() as overdue, coalesce(a.due_at <= now(), false) as is_due,
           now() as at
    from approvals a where a.id = $1 for no key update`,
};

/** Reads an approval and keeps others from changing it until the transaction ends. */
export async function lockApproval(db: Queryable, id: string): Promise<LockedApproval | undefined> {
  const [approval] = await db.query<LockedApproval>(LOCK, [id]);
  return approval;
}

const DUE = {
  name: 'list_due_approvals',
  text: `
    select id, task_id from (
      (select id, task_id, expires_at as at from approvals where status = 'pending' and expires_at <= now()
       order by expires_at limit $1)
      union
      (select id, task_id, due_at from approvals where due_at <= now() order by due_at limit $1)
    ) due
    order by at limit $1`,
};

/** Approvals that nobody decided in time, or that have a step which was not. */
export function listDueApprovals(
  db: Queryable,
  limit: number,
): Promise<readonly { id: string; task_id: string }[]> {
  return db.query(DUE, [limit]);
}

const DECIDE = {
  name: 'decide_approval',
  text: `
    with d as (
      insert into approval_decisions (approval_id, seat, role, actor, on_behalf_of, decision, comment)
      values ($1, $2, $3, $4, $5, $6, $7)
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'approval.decided', d.actor, 'approval:' || a.id, a.owner, a.trace_id,
           jsonb_strip_nulls(jsonb_build_object('seat', d.seat, 'role', d.role, 'decision', d.decision,
             'on_behalf_of', d.on_behalf_of, 'task_id', a.task_id, 'privileged', nullif(a.privileged, false)))
    from d join approvals a on a.id = d.approval_id`,
};

export interface Decide {
  readonly id: string;
  readonly seat: number;
  readonly role: string;
  readonly actor: string;
  readonly on_behalf_of: string | null;
  readonly decision: ApprovalDecision;
  readonly comment: string;
}

/** Notes a decision, with its event. */
export async function insertDecision(db: Queryable, made: Decide): Promise<void> {
  const { id, seat, role, actor, on_behalf_of, decision, comment } = made;
  await db.query(DECIDE, [id, seat, role, actor, on_behalf_of, decision, comment]);
}

const ADVANCE = {
  name: 'advance_approval',
  text: `
    with before as (
      select stage, escalated from approvals where id = $1
    ), a as (
      update approvals a set
        stage = $2,
        stage_at = case when $2 > b.stage then now() else a.stage_at end,
        escalated = $3,
        open_to = $4,
        due_at = case when $2 > b.stage then now() else a.stage_at end + make_interval(secs => $5::float8 * 3600)
      from before b where a.id = $1
      returning a.*
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select kind, $6, 'approval:' || a.id, a.owner, a.trace_id,
             jsonb_strip_nulls(jsonb_build_object('task_id', a.task_id, 'stage', a.stage,
               'escalated', to_jsonb(a.escalated), 'due_at', a.due_at, 'privileged', nullif(a.privileged, false)))
      from a cross join before b cross join lateral (values
        ('approval.advanced', a.stage > b.stage), ('approval.escalated', a.escalated <> b.escalated)) v (kind, is_so)
      where is_so
    )
    select ${APPROVAL_COLUMNS} from a`,
};

export interface AdvanceApproval {
  readonly id: string;
  readonly stage: number;
  readonly escalated: readonly number[];
  readonly open_to: readonly string[];
  /** Hours from the beginning of the stage until the next step escalates. */
  readonly due_hours: number | null;
  readonly actor: string;
}

/** Notes how far an undecided approval has come, with the events of a new stage and of an escalation. */
export async function advanceApproval(db: Queryable, approval: AdvanceApproval): Promise<OwnedApproval> {
  const { id, stage, escalated, open_to, due_hours, actor } = approval;
  return onlyRow(await db.query<OwnedApproval>(ADVANCE, [id, stage, escalated, open_to, due_hours, actor]));
}

const CLOSE = {
  name: 'close_approval',
  text: `
    with a as (
      update approvals set status = $2, receipt = $3, closed_reason = $5, decided_at = now(), open_to = '{}', due_at = null
      where id = $1
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'approval.' || a.status, $4, 'approval:' || a.id, a.owner, a.trace_id,
             jsonb_strip_nulls(jsonb_build_object('task_id', a.task_id, 'session_id', a.session_id,
               'amount', a.amount, 'policy', a.policy, 'receipt', a.receipt is not null,
               'reason', a.closed_reason, 'privileged', nullif(a.privileged, false)))
      from a
    )
    select ${APPROVAL_COLUMNS} from a`,
};

/** A decision, or why there is none. */
type ApprovalEnd =
  | { readonly status: 'approved'; readonly receipt: string }
  | { readonly status: 'rejected' }
  | { readonly status: 'expired' | 'withdrawn'; readonly reason: string };

export type CloseApproval = ApprovalEnd & { readonly id: string; readonly actor: string };

/** Gives an approval its final state, with its event. */
export async function closeApproval(db: Queryable, close: CloseApproval): Promise<Approval> {
  const receipt = close.status === 'approved' ? close.receipt : null;
  const reason = 'reason' in close ? close.reason : null;
  return onlyRow(await db.query<Approval>(CLOSE, [close.id, close.status, receipt, close.actor, reason]));
}

const USE = {
  name: 'use_approval',
  text: `
    with a as (
      update approvals set used_at = now()
      where id = (
        select id from approvals
        where task_id = $1 and status = 'approved' and used_at is null and expires_at > now()
          and amount is not distinct from $2
        order by decided_at desc limit 1
        for no key update
      )
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'approval.used', $3, 'approval:' || a.id, a.owner, a.trace_id,
             jsonb_strip_nulls(jsonb_build_object('task_id', a.task_id, 'amount', a.amount,
               'privileged', nullif(a.privileged, false)))
      from a
    )
    select a.id from a`,
};

/** Spends the approval of a task, if it has one that is unspent, in time, and for exactly this amount. */
export async function useApproval(
  db: Queryable,
  { taskId, amount, actor }: { taskId: string; amount: number | null; actor: string },
): Promise<string | undefined> {
  const [approval] = await db.query<{ id: string }>(USE, [taskId, amount, actor]);
  return approval?.id;
}
