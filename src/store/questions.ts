import type { Answer, TaskWait } from '../core/task.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

/**
 * What a session has asked others, and what it has not been told yet. A question is a task that the session sent
 * or an approval that it requested; its answer stays "untold" until the agent reports that the conversation has
 * it, so no crash in between loses it. What others ask the session back comes to it in the same way.
 */
const QUESTIONS = {
  name: 'list_questions_of_session',
  text: `
    select kind, id, status, by, text, data, attachments, wait, thread, answered_at is null as open from (
      select 'task' as kind, t.id, t.status, t.ended_by as by,
             coalesce(t.result->>'text', t.failure, '') as text, coalesce(t.result->'data', '{}') as data,
             coalesce(t.result->'attachments', '[]') as attachments, t.wait,
             t.parent_id as thread, t.finished_at as answered_at
      from tasks t where t.source_session_id = $1 and t.told_at is null
      union all
      select 'approval', a.id, a.status, d.actors, concat_ws(E'\\n', a.closed_reason, d.comments), '{}', '[]', 'all',
             coalesce(f.id, a.task_id), case when a.status <> 'pending' then coalesce(a.decided_at, a.expires_at) end
      from approvals a
      left join lateral (
        select string_agg(actor, ', ' order by at) filter (where
                 (a.status, decision) in (('approved', 'approve'), ('rejected', 'reject'))) as actors,
               string_agg(role || ' (' || decision || '): ' || comment, E'\\n' order by at) as comments
        from approval_decisions where approval_id = a.id
      ) d on true
      left join lateral (
        select q.id from tasks q
        where q.asked_session_id = $1 and q.status = 'active' and q.claimed_at <= a.created_at
        order by q.created_at desc limit 1
      ) f on true
      where a.session_id = $1 and a.told_at is null
      union all
      select 'question', q.id, q.status, q.source, q.description, q.data, q.attachments, 'first', q.id, q.created_at
      from tasks q where q.asked_session_id = $1 and q.finished_at is null and q.question_told_at is null
    ) questions
    order by answered_at, id`,
};

export interface UntoldAnswer extends Answer {
  /** Whether the session goes on with this answer alone. */
  readonly wait: TaskWait;
  /** For what it was asked: the session's own task, or a question that the session was asked back. */
  readonly thread: string | null;
}

export interface Questions {
  /** Those that nobody has answered yet, as task:<id> and approval:<id>. */
  readonly open: readonly string[];
  /** For what those were asked. */
  readonly openThreads: ReadonlySet<string | null>;
  /** Answers that the conversation was not told yet, oldest first. */
  readonly untold: readonly UntoldAnswer[];
}

export async function readQuestions(db: Queryable, sessionId: string): Promise<Questions> {
  const rows = await db.query<UntoldAnswer & { open: boolean }>(QUESTIONS, [sessionId]);
  return {
    open: rows.flatMap(({ open, kind, id }) => (open ? [`${kind}:${id}`] : [])),
    openThreads: new Set(rows.flatMap(({ open, thread }) => (open ? [thread] : []))),
    untold: rows.flatMap(({ open, ...answer }) => (open ? [] : [answer])),
  };
}

/**
 * SQL: true if a question, open or answered, is one whose answer its session does not know: it was neither told, nor
 * is the session resumed with it, so that its present turn began with the answer.
 */
export function isUnheard(question: string, sessionId: string): string {
  return `(${question}.told_at is null and not exists (
             select 1 from sessions s where s.id = ${sessionId} and s.fsm_metadata->'answered' ? ${question}.id::text))`;
}

const IS_UNHEARD = {
  name: 'is_approval_unheard',
  text: `select exists (select from approvals a where a.id = $1 and ${isUnheard('a', 'a.session_id')}) as unheard`,
};

/** True if the session that asked does not know the decision. */
export async function isApprovalUnheard(db: Queryable, approvalId: string): Promise<boolean> {
  return onlyRow(await db.query<{ unheard: boolean }>(IS_UNHEARD, [approvalId])).unheard;
}

const MARK_TOLD = {
  name: 'mark_answers_told',
  text: `
    with told_questions as (
      update tasks set question_told_at = now()
      where asked_session_id = $1 and id = any($2::uuid[]) and finished_at is null and question_told_at is null and $3
    ), told_tasks as (
      update tasks set told_at = now()
      where source_session_id = $1 and id = any($2::uuid[]) and finished_at is not null and told_at is null
    )
    update approvals set told_at = now()
    where session_id = $1 and id = any($2::uuid[]) and status <> 'pending' and told_at is null`,
};

/**
 * Notes what a conversation was told: answers, and questions unless they shall be told again, since the session could
 * not answer them.
 */
export async function markTold(
  db: Queryable,
  sessionId: string,
  ids: readonly string[],
  { questions }: { readonly questions: boolean },
): Promise<void> {
  if (ids.length > 0) await db.query(MARK_TOLD, [sessionId, ids, questions]);
}
