import type { JsonObject } from '../../core/json.ts';
import type { Session, SessionEvent, SessionState } from '../../core/session.ts';
import type { Database, Queryable } from '../database.ts';
import { gather } from '../gather.ts';
import { among } from '../rows.ts';
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
 *
 * `wanted` is SQL that gives the columns of `TransitionSession`. Whose row is locked by others is waited for, or passed over.
 */
const transition = (wanted: string, locked: 'wait' | 'pass over') => `
    with wanted as (${wanted}
    ), target as (
      select s.*, s.status as from_state, session_next_state(s.status, w.event) as to_state,
             w.event, w.actor, w.reason, w.metadata as note
      from wanted w cross join lateral (
        select * from sessions s
        where s.id = w.id and (s.task_id is null or not w.has_no_task) and (w.owner is null or s.owner = w.owner)
        for no key update${locked === 'wait' ? '' : ' skip locked'}
      ) s
    ), moved as (
      update sessions s set
        status = t.to_state,
        version = s.version + 1,
        last_event = t.event,
        last_transition_at = clock_timestamp(),
        paused_at = case when t.to_state = 'paused' then clock_timestamp() end,
        completed_at = case when t.to_state = 'completed' then clock_timestamp() else s.completed_at end,
        failed_at = case when t.to_state = 'failed' then clock_timestamp() else s.failed_at end,
        fsm_metadata = (s.fsm_metadata - 'waiting_on' - 'paused_by' - 'answered') || t.note
      from target t
      where s.id = t.id and ${among('s.id', 'target')} and t.to_state <> t.from_state
      returning s.*, t.from_state, t.event, t.actor, t.reason
    ), history as (
      insert into session_transitions (session_id, version, from_state, event, to_state, actor, reason)
      select id, version, from_state, event, status, actor, reason from moved
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.' || case event
               when 'activate' then 'activated' when 'pause' then 'paused' when 'resume' then 'resumed'
               when 'complete' then 'completed' when 'fail' then 'failed' else 'expired' end,
             actor, 'session:' || id, owner, trace_id,
             jsonb_strip_nulls(jsonb_build_object('from', from_state, 'to', status, 'version', version,
               'role', role, 'agent', agent, 'task_id', task_id, 'reason', reason,
               'waiting_on', fsm_metadata->'waiting_on', 'privileged', nullif(privileged, false)))
      from moved
    )
    select from_state, status as to_state, ${SESSION_COLUMNS} from moved s
    union all
    select from_state, to_state, ${SESSION_COLUMNS} from target s where to_state is null or to_state = from_state`;

export const TRANSITION = {
  name: 'transition_session',
  text: transition(
    `
      select $1::uuid as id, $2::text as event, $3::text as actor, $4::text as reason, $5::jsonb as metadata,
             $6::boolean as has_no_task, $7::text as owner`,
    'wait',
  ),
};

/** $1 is an array of JSON objects. */
const TRANSITION_TOGETHER = {
  name: 'transition_sessions_together',
  text: transition(
    `
      select * from jsonb_to_recordset($1::jsonb)
        as (id uuid, event text, actor text, reason text, metadata jsonb, has_no_task boolean, owner text)`,
    'pass over',
  ),
};

type TransitionRow = Session & Pick<Transition, 'from_state' | 'to_state'>;

/** Sends an event to a session. Undefined: there is no such session. */
export async function transitionSession(
  db: Queryable,
  { id, event, actor, reason, metadata = {}, onlyIf }: TransitionSession,
): Promise<Transition | undefined> {
  const [row] = await db.query<TransitionRow>(TRANSITION, [
    id,
    event,
    actor,
    reason,
    metadata,
    onlyIf?.hasNoTask ?? false,
    onlyIf?.owner ?? null,
  ]);
  return row === undefined ? undefined : toTransition(row);
}

/** `transitionSession` together with others that come at the same time. Undefined also where somebody else works on the session. */
export const transitionTogether = gather<Database, TransitionSession, Transition>({
  keyOf: ({ id }) => id,
  carryOut: async (db, moves) =>
    new Map((await transitionSessions(db, moves)).map((moved) => [moved.session.id, moved])),
});

/** `transitionSession` for several; those on which somebody else works are passed over. */
export async function transitionSessions(
  db: Queryable,
  moves: readonly TransitionSession[],
): Promise<readonly Transition[]> {
  const wanted = moves.map(({ metadata = {}, onlyIf, ...move }) => ({
    ...move,
    metadata,
    has_no_task: onlyIf?.hasNoTask ?? false,
    owner: onlyIf?.owner ?? null,
  }));
  return (await db.query<TransitionRow>(TRANSITION_TOGETHER, [JSON.stringify(wanted)])).map(toTransition);
}

function toTransition({ from_state, to_state, ...session }: TransitionRow): Transition {
  return { session, from_state, to_state };
}
