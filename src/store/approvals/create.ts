import type { Approval, ApprovalStep } from '../../core/approval.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { APPROVAL_COLUMNS } from './columns.ts';

export interface CreateApproval {
  readonly task_id: string;
  readonly session_id: string;
  readonly requester: string;
  readonly requester_role: string;
  readonly owner: string;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly reason: string;
  readonly policy: string;
  readonly policy_digest: string;
  readonly required: readonly string[];
  readonly steps: readonly ApprovalStep[];
  /** Who may see it, and who may decide now. */
  readonly asked: readonly string[];
  readonly open_to: readonly string[];
  readonly escalated: readonly number[];
  /** Hours until the first step escalates. */
  readonly due_hours: number | null;
  readonly idempotency_key: string | null;
  readonly trace_id: string;
  readonly valid_hours: number;
}

const CREATE = {
  name: 'create_approval',
  text: `
    with a as (
      insert into approvals (task_id, session_id, requester, requester_role, owner, amount, currency, reason, policy,
                             required, idempotency_key, trace_id, expires_at, policy_digest, steps, asked, open_to,
                             escalated, due_at, privileged)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now() + make_interval(secs => $13::float8 * 3600),
              $14, $15::jsonb, $16, $17, $18, now() + make_interval(secs => $19::float8 * 3600),
              (select s.privileged from sessions s where s.id = $2))
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'approval.requested', a.requester, 'approval:' || a.id, a.owner, a.trace_id,
             jsonb_strip_nulls(jsonb_build_object('task_id', a.task_id, 'session_id', a.session_id, 'amount', a.amount,
               'currency', a.currency, 'policy', a.policy, 'policy_digest', a.policy_digest,
               'required', to_jsonb(a.required), 'steps', a.steps, 'escalated', to_jsonb(a.escalated),
               'requester_role', a.requester_role, 'expires_at', a.expires_at, 'due_at', a.due_at,
               'privileged', nullif(a.privileged, false)))
      from a
    )
    select ${APPROVAL_COLUMNS} from a`,
};

/** Stores a request for approval, with its event. */
export async function createApproval(db: Queryable, approval: CreateApproval): Promise<Approval> {
  return onlyRow(
    await db.query<Approval>(CREATE, [
      approval.task_id,
      approval.session_id,
      approval.requester,
      approval.requester_role,
      approval.owner,
      approval.amount,
      approval.currency,
      approval.reason,
      approval.policy,
      approval.required,
      approval.idempotency_key,
      approval.trace_id,
      approval.valid_hours,
      approval.policy_digest,
      JSON.stringify(approval.steps),
      approval.asked,
      approval.open_to,
      approval.escalated,
      approval.due_hours,
    ]),
  );
}
