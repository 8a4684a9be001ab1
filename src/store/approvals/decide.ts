import type { Approval, ApprovalDecision } from '../../core/approval.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { APPROVAL_COLUMNS } from './columns.ts';

/** An approval with the owner that its events carry. */
export interface OwnedApproval extends Approval {
  readonly owner: string;
}

export interface LockedApproval extends OwnedApproval {
  /** True if its time is over, whether or not it was closed already. */
  readonly overdue: boolean;
}

const LOCK = {
  name: 'lock_approval',
  text: `select ${APPROVAL_COLUMNS}, a.expires_at <= now() as overdue from approvals a where a.id = $1 for no key update`,
};

/** Reads an approval and keeps others from changing it until the transaction ends. */
export async function lockApproval(db: Queryable, id: string): Promise<LockedApproval | undefined> {
  const [approval] = await db.query<LockedApproval>(LOCK, [id]);
  return approval;
}

const EXPIRED = {
  name: 'list_expired_approvals',
  text: `
    select id, task_id from approvals where status = 'pending' and expires_at <= now()
    order by expires_at limit $1`,
};

/** Approvals that nobody decided in time. */
export function listExpiredApprovals(
  db: Queryable,
  limit: number,
): Promise<readonly { id: string; task_id: string }[]> {
  return db.query(EXPIRED, [limit]);
}

const DECIDE = {
  name: 'decide_approval',
  text: `
    with d as (
      insert into approval_decisions (approval_id, role, actor, decision, comment) values ($1, $2, $3, $4, $5)
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'approval.decided', d.actor, 'approval:' || a.id, a.owner, a.trace_id,
           jsonb_build_object('role', d.role, 'decision', d.decision, 'task_id', a.task_id)
    from d join approvals a on a.id = d.approval_id`,
};

export interface Decide {
  readonly id: string;
  readonly role: string;
  readonly actor: string;
  readonly decision: ApprovalDecision;
  readonly comment: string;
}

/** Notes one role's decision, with its event. */
export async function insertDecision(db: Queryable, decision: Decide): Promise<void> {
  const { id, role, actor, comment } = decision;
  await db.query(DECIDE, [id, role, actor, decision.decision, comment]);
}

const CLOSE = {
  name: 'close_approval',
  text: `
    with a as (
      update approvals set status = $2, receipt = $3, closed_reason = $5, decided_at = now() where id = $1
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'approval.' || a.status, $4, 'approval:' || a.id, a.owner, a.trace_id,
             jsonb_strip_nulls(jsonb_build_object('task_id', a.task_id, 'session_id', a.session_id,
               'amount', a.amount, 'policy', a.policy, 'receipt', a.receipt is not null,
               'reason', a.closed_reason))
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
             jsonb_build_object('task_id', a.task_id, 'amount', a.amount)
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
