import type { JsonObject } from '../../core/json.ts';
import type { Queryable } from '../database.ts';

/** A text of privileged work, with its facts. */
export interface PrivilegedText {
  /** What was asked for, what was answered, or what was told without a question. */
  readonly kind: 'task' | 'result' | 'notification';
  readonly source: string;
  readonly target: string;
  readonly text: string;
  readonly data: JsonObject;
  readonly amount: number | null;
}

const LIST = {
  name: 'list_privileged_texts',
  text: `
    with recursive way as (
      select t.id, t.parent_id, t.retry_of from tasks t where t.id = $1
      union
      select p.id, p.parent_id, p.retry_of from way w join tasks p on p.id in (w.parent_id, w.retry_of)
    ), chain as (
      select t.* from way w join tasks t on t.id = w.id
    )
    select 'task' as kind, source, target, description as text, data, amount from chain where privileged
    union all
    select 'task', t.source, t.target, t.description, t.data, t.amount
    from tasks t join chain c on c.session_id = t.source_session_id
    where t.privileged and not c.privileged
    union all
    select 'task', t.source, t.target, t.description, t.data, t.amount
    from tasks t join chain c on c.session_id = t.asked_session_id where t.privileged
    union all
    select 'result', t.source, t.target, t.result->>'text', t.result->'data', null
    from tasks t join chain c on c.session_id = t.source_session_id left join sessions w on w.id = coalesce(t.session_id, t.asked_session_id)
    where (t.privileged or w.privileged) and t.result is not null
    union all
    select 'notification', n.source, n.target, n.text, '{}', null
    from notifications n
    where n.trace_id = (select trace_id from tasks where id = $1) and n.privileged and n.erased_at is null`,
};

/**
 * What a task and those above it, and of which it is a retry, say as far as they are privileged; what their sessions
 * have told and were asked back as privileged out of other work; what they were answered; and what was notified
 * in the same matter. The way up may lead round,
 * since work can be filed under its own retry. Plan: a few index scans for each task of the way.
 */
export function listPrivilegedTexts(db: Queryable, taskId: string): Promise<readonly PrivilegedText[]> {
  return db.query<PrivilegedText>(LIST, [taskId]);
}
