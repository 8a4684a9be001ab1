/** The columns of an approval as the API shows them, and the owner; `a` is the alias of the table. */
export const APPROVAL_COLUMNS = `
  a.id, a.task_id, a.session_id, a.requester, a.requester_role, a.amount, a.currency, a.reason, a.policy,
  a.policy_digest, a.required, a.steps, a.stage, a.escalated, a.due_at, a.privileged, a.status, a.receipt, a.trace_id, a.created_at,
  a.expires_at, a.decided_at, a.closed_reason, a.used_at, a.erased_at, a.owner, a.asked,
  (select coalesce(jsonb_agg(jsonb_build_object('seat', d.seat, 'role', d.role, 'actor', d.actor,
            'on_behalf_of', d.on_behalf_of, 'decision', d.decision, 'comment', d.comment, 'at', d.at) order by d.at), '[]')
   from approval_decisions d where d.approval_id = a.id) as decisions`;
