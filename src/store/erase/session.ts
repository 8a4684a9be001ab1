import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { MAY_GO_WITH_QUESTIONS, type RetentionRule } from './due.ts';
import { eraseTask } from './task.ts';

const ERASE = {
  name: 'erase_session',
  text: `
    with s as (
      update sessions t set erased_at = now(), metadata = '{}'
      where id = $1 and erased_at is null and ${MAY_GO_WITH_QUESTIONS} and status in ('completed', 'failed', 'expired')
        and last_transition_at <= now() - make_interval(secs => $2::float8)
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'session.erased', 'controller', 'session:' || s.id, s.owner, s.trace_id,
           jsonb_strip_nulls(jsonb_build_object('role', s.role, 'agent', s.agent, 'task_id', s.task_id,
             'privileged', nullif(s.privileged, false)))
    from s
    returning subject`,
};

/** By a statement of its own: the trigger must see that the session is erased. */
const ERASE_REASONS = {
  name: 'erase_reasons',
  text: `
    update session_transitions set reason = null
    where session_id = $1 and reason is not null and actor <> 'controller'`,
};

const LIST_QUESTIONS = {
  name: 'list_questions_to_erase',
  text: `
    select id from tasks
    where source_session_id = $1 and asked_session_id is not null and finished_at is not null and erased_at is null
    order by id`,
};

/**
 * Erases what people kept with an ended session, the reasons that others than the controller gave for its moves, and
 * what it asked other conversations back, if it is due.
 */
export async function eraseSession(tx: Queryable, id: string, rule: RetentionRule): Promise<void> {
  const erased = await tx.query(ERASE, [id, rule.contentSeconds]);
  if (erased.length === 0) return;
  await tx.query(ERASE_REASONS, [id]);
  await eraseQuestions(tx, id, rule);
}

/** Erases what a session asked other conversations back: it is the asker's content, whatever the role asked keeps. */
export async function eraseQuestions(tx: Queryable, sessionId: string, rule: RetentionRule): Promise<void> {
  const questions = await tx.query<{ id: string }>(LIST_QUESTIONS, [sessionId]);
  for (const { id } of questions) await eraseTask(tx, id, rule);
}

const IS_NEEDED = {
  name: 'is_session_needed_elsewhere',
  text: `
    select exists (
      select 1 from tasks t join sessions knowing on knowing.id in (t.source_session_id, t.asked_session_id)
      where t.id in (select id from tasks where session_id = $1 union all select id from tasks where source_session_id = $1)
        and knowing.id <> $1 and knowing.privileged and knowing.status in ('pending', 'active', 'paused')) as needed`,
};

/** True while a privileged session lives that this one has answered or asked. */
export async function isNeededElsewhere(tx: Queryable, id: string): Promise<boolean> {
  return onlyRow(await tx.query<{ needed: boolean }>(IS_NEEDED, [id])).needed;
}
