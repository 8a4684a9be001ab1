import type { JsonObject } from '../../core/json.ts';
import type { Session, SessionEvent, SessionState } from '../../core/session.ts';
import type { Queryable } from '../database.ts';
import { SESSION_COLUMNS } from './columns.ts';

export interface TransitionSession {
  readonly id: string;
  readonly event: SessionEvent;
  readonly actor: string;
  readonly reason: string | null;
  /** Merged into fsm_metadata if the state changes. */
  readonly metadata?: JsonObject;
  /** Else the session is passed over as if it were not there. */
  readonly onlyIf?: { readonly hasNoTask: boolean; readonly owner: string | undefined };
}

export interface Transition {
  readonly session: Session;
  readonly from_state: SessionState;
  /** Null: the event was refused. Equal to from_state: a repeated event, nothing changed. */
  readonly to_state: SessionState | null;
}

/**
 * The only statement that changes a session's state: it checks, writes, and leaves a line of history and an
 * event, or changes nothing. The row lock makes concurrent events queue up, each seeing the state before it.
 * What the last transition noted (who paused, what is awaited, what was answered) goes with the next.
 */
export const TRANSITION = {
  name: 'transition_session',
  text: `
    with target as (
      select id, status as from_state, session_next_state(status, $2) as to_state
      from sessions where id = $1 and (task_id is null or not $6) and ($7::text is null or owner = $7)
      for no key update
    ), moved as (
      update sessions s set
        status = t.to_state,
        version = s.version + 1,
        last_event = $2,
        last_transition_at = clock_timestamp(),
        paused_at = case when t.to_state = 'paused' then clock_timestamp() end,
        completed_at = case when t.to_state = 'completed' then clock_timestamp() else s.completed_at end,
        failed_at = case when t.to_state = 'failed' then clock_timestamp() else s.failed_at end,
        fsm_metadata = (s.fsm_metadata - 'waiting_on' - 'paused_by' - 'answered') || $5::jsonb
      from target t
      where s.id = t.id and t.to_state <> t.from_state
      returning s.*
    ), history as (
      insert into session_transitions (session_id, version, from_state, event, to_state, actor, reason)
      select m.id, m.version, t.from_state, $2, m.status, $3, $4 from moved m join target t using (id)
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.' || case $2
               when 'activate' then 'activated' when 'pause' then 'paused' when 'resume' then 'resumed'
               when 'complete' then 'completed' when 'fail' then 'failed' else 'expired' end,
             $3, 'session:' || m.id, m.owner, m.trace_id,
             jsonb_strip_nulls(jsonb_build_object('from', t.from_state, 'to', m.status, 'version', m.version,
               'role', m.role, 'agent', m.agent, 'task_id', m.task_id, 'reason', $4::text,
               'waiting_on', m.fsm_metadata->'waiting_on', 'privileged', nullif(m.privileged, false)))
      from moved m join target t using (id)
    ), latest as (
      select * from moved
      union all
      select * from sessions where id = $1 and not exists (select 1 from moved)
    )
    select t.from_state, t.to_state, ${SESSION_COLUMNS}
    from target t join latest s using (id)`,
};

/** Sends an event to a session. Undefined: there is no such session. */
export async function transitionSession(
  db: Queryable,
  { id, event, actor, reason, metadata = {}, onlyIf }: TransitionSession,
): Promise<Transition | undefined> {
  const rows = await db.query<Session & Pick<Transition, 'from_state' | 'to_state'>>(TRANSITION, [
    id,
    event,
    actor,
    reason,
    metadata,
    onlyIf?.hasNoTask ?? false,
    onlyIf?.owner ?? null,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { from_state, to_state, ...session } = row;
  return { session, from_state, to_state };
}
