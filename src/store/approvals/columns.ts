/** The columns of an approval as the API shows them; `a` is the alias of the table. */
export const APPROVAL_COLUMNS = `
  a.id, a.task_id, a.session_id, a.requester, a.requester_role, a.amount, a.currency, a.reason, a.policy, a.required,
  a.status, a.receipt, a.trace_id, a.created_at, a.expires_at, a.decided_at, a.closed_reason,
  a.used_at, a.erased_at, a.owner,
  (select coalesce(jsonb_agg(jsonb_build_object('role', d.role, 'actor', d.actor, 'decision', d.decision,
            'comment', d.comment, 'at', d.at) order by d.at), '[]')
   from approval_decisions d where d.approval_id = a.id) as decisions`;
