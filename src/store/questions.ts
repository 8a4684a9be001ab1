import type { Answer } from '../core/task.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

/**
 * What a session has asked others, and what it has not been told yet. A question is a task that the session sent
 * or an approval that it requested; its answer stays "untold" until the agent reports that the conversation has
 * it, so no crash in between loses it.
 */
const OPEN_QUESTIONS = {
  name: 'list_open_questions',
  text: `
    select 'task:' || id as question from tasks where source_session_id = $1 and finished_at is null
    union all
    select 'approval:' || id from approvals where session_id = $1 and status = 'pending'`,
};

export async function listOpenQuestions(db: Queryable, sessionId: string): Promise<readonly string[]> {
  const rows = await db.query<{ question: string }>(OPEN_QUESTIONS, [sessionId]);
  return rows.map(({ question }) => question);
}

const UNTOLD_ANSWERS = {
  name: 'list_untold_answers',
  text: `
    select kind, id, status, by, text, data from (
      select 'task' as kind, t.id, t.status, t.ended_by as by,
             coalesce(t.result->>'text', t.failure, '') as text, coalesce(t.result->'data', '{}') as data,
             t.finished_at as answered_at
      from tasks t where t.source_session_id = $1 and t.finished_at is not null and t.told_at is null
      union all
      select 'approval', a.id, a.status, d.actors, concat_ws(E'\\n', a.closed_reason, d.comments), '{}',
             coalesce(a.decided_at, a.expires_at)
      from approvals a
      left join lateral (
        select string_agg(actor, ', ' order by at) filter (where
                 (a.status, decision) in (('approved', 'approve'), ('rejected', 'reject'))) as actors,
               string_agg(role || ' (' || decision || '): ' || comment, E'\\n' order by at) as comments
        from approval_decisions where approval_id = a.id
      ) d on true
      where a.session_id = $1 and a.status <> 'pending' and a.told_at is null
    ) answers
    order by answered_at, id`,
};

/** Oldest first. */
export function listUntoldAnswers(db: Queryable, sessionId: string): Promise<readonly Answer[]> {
  return db.query<Answer>(UNTOLD_ANSWERS, [sessionId]);
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
    with told_tasks as (
      update tasks set told_at = now()
      where source_session_id = $1 and id = any($2::uuid[]) and finished_at is not null and told_at is null
    )
    update approvals set told_at = now()
    where session_id = $1 and id = any($2::uuid[]) and status <> 'pending' and told_at is null`,
};

export async function markTold(db: Queryable, sessionId: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.query(MARK_TOLD, [sessionId, ids]);
}
