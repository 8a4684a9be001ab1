import type { Session } from '../core/session.ts';
import type { Exchange, ExchangeEntry } from '../core/task.ts';
import type { Queryable } from './database.ts';

/** The rows hold what the role may see: they were written under the data rules. */
const LIST = {
  name: 'list_exchange_of_session',
  text: `
    select kind, id, "to", text, status, answer from (
      select 'task' as kind, t.id, t.target as "to", t.description as text, t.status,
             coalesce(t.result->>'text', t.failure) as answer, t.created_at
      from tasks t where t.source_session_id = $1
      union all
      select 'approval', a.id, array_to_string(a.asked, ', '), a.reason, a.status,
             nullif(concat_ws(E'\\n', a.closed_reason, d.comments), ''), a.created_at
      from approvals a
      left join lateral (
        select string_agg(role || ' (' || decision || '): ' || comment, E'\\n' order by at) as comments
        from approval_decisions where approval_id = a.id
      ) d on true
      where a.session_id = $1
      union all
      select 'notification', n.id, n.target, n.text, 'sent', null, n.created_at
      from notifications n where n.task_id = $2 and starts_with(n.idempotency_key, $1::text || '/')
    ) entries
    order by created_at, id`,
};

/** What a session has asked and told others so far, and what they have answered. */
export async function readExchange(
  db: Queryable,
  { id, task_id, earlier_agents }: Session,
): Promise<Exchange> {
  const entries = await db.query<ExchangeEntry>(LIST, [id, task_id]);
  return { begun_by: [...earlier_agents], entries: [...entries] };
}
