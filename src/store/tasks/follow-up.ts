import type { Queryable } from '../database.ts';

/**
 * A follow-up is a question to a session that waits for an answer, asked by who works on that answer: a task that the
 * waiting session's own conversation answers, and no other. `asked_session_id` names that session.
 */

const FIND = {
  name: 'find_thread',
  text: `
    select coalesce(told.id, s.task_id) as parent_id, coalesce(told.priority, t.priority) as priority,
           told.id as follow_up_id, coalesce(told.asker_id, own.id) as asked_session_id,
           coalesce(told.asker_id, own.id) is not distinct from own.id as is_senders_sender
    from sessions s
    left join tasks t on t.id = s.task_id
    left join sessions own on own.id = t.source_session_id and own.role = $2
      and own.status in ('pending', 'active', 'paused')
    left join lateral (
      select q.id, q.priority, a.id as asker_id
      from tasks q left join sessions a on a.id = q.source_session_id and a.role = $2
        and a.status in ('pending', 'active', 'paused')
      where q.asked_session_id = s.id and q.status = 'active'
      order by a.id is null, q.created_at desc
      limit 1
    ) told on true
    where s.id = $1`,
};

export interface Thread {
  /** The task that what is sent belongs to: the question that the session is answering, else its own task. */
  readonly parent_id: string | null;
  /** Of that, which what is sent inherits. */
  readonly priority: number | null;
  /** That question, if it is one. */
  readonly follow_up_id: string | null;
  /** The session that is asked, if one of the role waits for what the sender works on. */
  readonly asked_session_id: string | null;
  /** Whether that is the session which sent the sender's own task. */
  readonly is_senders_sender: boolean;
}

/** Where what a session sends to a role belongs, without locking anything. Of several questions the latest counts. */
export async function findThread(
  db: Queryable,
  sessionId: string,
  role: string,
): Promise<Thread | undefined> {
  const [thread] = await db.query<Thread>(FIND, [sessionId, role]);
  return thread;
}

const BEGIN = {
  name: 'begin_follow_ups',
  text: `
    with q as (
      update tasks set status = 'active', agent = $2, attempts = 1, claimed_at = now()
      where id = any($1::uuid[]) and status = 'pending'
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'task.claimed', 'agent:' || $2, 'task:' || id, owner, trace_id,
           jsonb_strip_nulls(jsonb_build_object('type', type, 'target', target, 'attempt', attempts,
             'asked_session_id', asked_session_id, 'privileged', nullif(privileged, false)))
    from q`,
};

/** Notes that an agent takes questions to the conversation that is asked. The caller has locked them. */
export async function beginFollowUps(db: Queryable, ids: readonly string[], agent: string): Promise<void> {
  await db.query(BEGIN, [ids, agent]);
}

const ANSWERABLE = {
  name: 'list_answerable_follow_ups',
  text: `
    select q.id from tasks q
    where q.asked_session_id = $1 and q.finished_at is null and q.question_told_at is not null
      and not exists (select 1 from tasks t
                      where t.source_session_id = $1 and t.finished_at is null and t.created_at >= q.claimed_at)
      and not exists (select 1 from approvals a
                      where a.session_id = $1 and a.status = 'pending' and a.created_at >= q.claimed_at)
    order by q.created_at`,
};

/** Open questions that a session was told of, and has asked nothing more since that is still open. */
export async function listAnswerableFollowUps(db: Queryable, sessionId: string): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(ANSWERABLE, [sessionId]);
  return rows.map(({ id }) => id);
}
