/** The columns of a task as the API shows them; `t` is the alias of the table. */
export const TASK_COLUMNS = `
  t.id, t.type, t.source, t.source_session_id, t.owner, t.target, t.description, t.data, t.amount, t.currency,
  t.priority, t.privileged, t.status, t.attempts, t.max_attempts, t.agent, t.session_id, t.parent_id, t.approval_id, t.outcome, t.result,
  t.failure, t.trace_id, t.created_at, t.claimed_at, t.finished_at, t.wait, t.asked_session_id, t.attachments, t.result_schema,
  t.deadline, t.retry_of, t.dead_letter,
  t.erased_at, t.kept_until`;

/** Columns that the controller needs beside those, and the API does not show. */
export const LEASE_COLUMNS = `
  t.lease_id, coalesce(t.claimable_at <= now(), false) as claimable,
  coalesce(t.lease_expires_at <= now(), false) as lease_expired, coalesce(t.deadline <= now(), false) as overdue,
  exists (select from approvals a where a.task_id = t.id and a.status = 'pending') as has_requests`;

/** The amount of a task as its events may tell it: that of privileged work is a fact of it. */
export const LOGGED_AMOUNT = 'case when not t.privileged then t.amount end';
