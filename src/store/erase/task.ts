import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { MAY_GO, type RetentionRule } from './due.ts';

/**
 * The only statements that take content out of tasks, and with it what belongs to a task alone: the reasons and comments
 * of the approvals asked for it, and what its session notified others of. Ids, types, states, times, amounts, outcomes
 * and digests stay. Triggers and constraints refuse anything else.
 */
const ERASE = {
  name: 'erase_task',
  text: `
    with t as (
      update tasks t set
        erased_at = now(), description = '', data = '{}', attachments = '[]', result_schema = null,
        result = case when unread.is_result then t.result end,
        failure = case when unread.is_result then t.failure end,
        kept_until = case when unread.is_result or unread.is_notification
                       then t.finished_at + make_interval(secs => greatest($2::float8, $3::float8)) end
      from (
        select source_session_id is null and approval_id is null as is_result,
               exists (select 1 from notifications n where n.task_id = $1 and n.erased_at is null) as is_notification
        from tasks where id = $1
      ) unread
      where t.id = $1 and t.erased_at is null and ${MAY_GO}
        and t.finished_at <= now() - make_interval(secs => $2::float8)
      returning t.*
    ), a as (
      update approvals set erased_at = now(), reason = '', closed_reason = case when closed_reason is not null then '' end
      where task_id = (select id from t) and erased_at is null
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.erased', 'controller', 'task:' || t.id, t.owner, t.trace_id,
             jsonb_strip_nulls(jsonb_build_object('type', t.type, 'target', t.target, 'session_id', t.session_id,
               'kept_until', t.kept_until, 'privileged', nullif(t.privileged, false)))
      from t
      union all
      select 'approval.erased', 'controller', 'approval:' || a.id, a.owner, a.trace_id,
             jsonb_strip_nulls(jsonb_build_object('task_id', a.task_id, 'privileged', nullif(a.privileged, false)))
      from a
    )
    select (select count(*) from a) as approvals`,
};

/** By a statement of its own: the trigger must see that the approval is erased. */
const ERASE_COMMENTS = {
  name: 'erase_comments',
  text: `
    update approval_decisions d set comment = ''
    from approvals a where a.id = d.approval_id and a.task_id = $1 and a.erased_at is not null and d.comment <> ''`,
};

/** Erases the content of a task, if it is due. What nobody is known to have read yet stays until `kept_until`. */
export async function eraseTask(tx: Queryable, id: string, rule: RetentionRule): Promise<void> {
  const { contentSeconds, unreadSeconds } = rule;
  const rows = await tx.query<{ approvals: number }>(ERASE, [id, contentSeconds, unreadSeconds]);
  if (onlyRow(rows).approvals > 0) await tx.query(ERASE_COMMENTS, [id]);
}

const ERASE_REST = {
  name: 'erase_rest_of_task',
  text: `
    with t as (
      update tasks set kept_until = null, result = null, failure = null where id = $1 and kept_until <= now()
      returning *
    ), n as (
      update notifications set erased_at = now(), text = '' where task_id = (select id from t) and erased_at is null
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'task.erased', 'controller', 'task:' || t.id, t.owner, t.trace_id,
           jsonb_strip_nulls(jsonb_build_object('type', t.type, 'target', t.target, 'rest', true,
             'privileged', nullif(t.privileged, false)))
    from t
    union all
    select 'notification.erased', 'controller', 'notification:' || n.id, t.owner, n.trace_id,
           jsonb_strip_nulls(jsonb_build_object('target', n.target, 'task_id', n.task_id,
             'privileged', nullif(n.privileged, false)))
    from n, t`,
};

/** Erases what `eraseTask` has left, if its time is over. */
export async function eraseRest(tx: Queryable, id: string): Promise<void> {
  await tx.query(ERASE_REST, [id]);
}
