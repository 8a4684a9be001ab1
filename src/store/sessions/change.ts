import type { JsonObject } from '../../core/json.ts';
import type { Session } from '../../core/session.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { IF_PRIVILEGED, SESSION_COLUMNS } from './columns.ts';

const SET_CONVERSATION = {
  name: 'set_session_conversation',
  text: `
    with held as (
      select s.id from sessions s join tasks t on t.id = s.task_id
      where s.id = $1 and t.agent = $4 and t.lease_id = $5 and t.lease_expires_at > now()
      for no key update
    ), s as (
      update sessions set conversation = $2 from held where sessions.id = held.id returning sessions.*
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.conversed', $3, 'session:' || s.id, s.owner, s.trace_id,
             jsonb_build_object('conversation', s.conversation, 'role', s.role, 'task_id', s.task_id) || ${IF_PRIVILEGED}
      from s
    )
    select ${SESSION_COLUMNS} from s`,
};

export interface SetConversation {
  readonly id: string;
  readonly conversation: string;
  readonly actor: string;
  readonly agent: string;
  readonly lease_id: string;
}

/** Notes which Goose conversation carries the session. Undefined: the agent does not hold its task under this lease. */
export async function setConversation(
  db: Queryable,
  { id, conversation, actor, agent, lease_id }: SetConversation,
): Promise<Session | undefined> {
  const values = [id, conversation, actor, agent, lease_id];
  const [session] = await db.query<Session>(SET_CONVERSATION, values);
  return session;
}

const MOVE = {
  name: 'move_session_to_agent',
  text: `
    with s as (
      update sessions s set agent = $2, conversation = null, earlier_agents = s.earlier_agents || a.name,
                            fsm_metadata = s.fsm_metadata || '{"taken_over": true}'
      from agents a
      where s.id = $1 and a.name = s.agent and a.status = 'gone'
      returning s.*, a.name as old_agent, a.reason as gone_because
    ), asked_again as (
      update tasks t set question_told_at = null from s
      where t.asked_session_id = s.id and t.finished_at is null and t.question_told_at is not null
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.moved', 'controller', 'session:' || s.id, s.owner, s.trace_id,
             jsonb_build_object('from', s.old_agent, 'to', s.agent, 'reason', s.gone_because, 'role', s.role,
               'task_id', s.task_id) || ${IF_PRIVILEGED}
      from s
    )
    select ${SESSION_COLUMNS} from s`,
};

/**
 * Gives a session of an agent that is gone to another one, which has to begin a conversation anew: open questions that
 * the session was asked back are told anew. The caller has locked them. Undefined: its agent is not gone.
 */
export async function moveToAgent(db: Queryable, id: string, agent: string): Promise<Session | undefined> {
  const [session] = await db.query<Session>(MOVE, [id, agent]);
  return session;
}

const MERGE_METADATA = {
  name: 'merge_session_metadata',
  text: `update sessions s set fsm_metadata = s.fsm_metadata || $2::jsonb where s.id = $1 returning ${SESSION_COLUMNS}`,
};

/** Merges context into fsm_metadata; the state stays as it is. */
export async function mergeMetadata(db: Queryable, id: string, metadata: JsonObject): Promise<Session> {
  return onlyRow(await db.query<Session>(MERGE_METADATA, [id, metadata]));
}

const REMOVE_METADATA = {
  name: 'remove_session_metadata',
  text: 'update sessions set fsm_metadata = fsm_metadata - $2::text where id = $1',
};

/** Takes one member out of fsm_metadata; the state stays as it is. */
export async function removeMetadata(db: Queryable, id: string, key: string): Promise<void> {
  await db.query(REMOVE_METADATA, [id, key]);
}

const SET_METADATA = {
  name: 'set_session_metadata',
  text: `
    with s as (
      update sessions set metadata = $2 where id = $1 returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.edited', $3, 'session:' || s.id, s.owner, s.trace_id,
             jsonb_build_object('role', s.role, 'task_id', s.task_id, 'revision', s.revision) || ${IF_PRIVILEGED}
      from s
    )
    select ${SESSION_COLUMNS} from s`,
};

/** Replaces what people keep with a session that is there; the state stays as it is. */
export async function setMetadata(
  db: Queryable,
  { id, metadata, actor }: { id: string; metadata: JsonObject; actor: string },
): Promise<Session> {
  return onlyRow(await db.query<Session>(SET_METADATA, [id, metadata, actor]));
}

const DELETE = {
  name: 'delete_session',
  text: `
    with gone as (
      delete from sessions s
      where s.id = $1 and s.status in ('pending', 'completed', 'failed', 'expired')
        and not exists (select 1 from tasks t where t.id = s.task_id and t.finished_at is null)
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.deleted', $2, 'session:' || id, owner, trace_id,
             jsonb_strip_nulls(jsonb_build_object('role', role, 'agent', agent, 'status', status, 'task_id', task_id,
               'privileged', nullif(privileged, false)))
      from gone
    )
    select id from gone`,
};

/** Deletes a session that neither works nor waits nor has work. False: it does, or there is none. */
export async function deleteSession(db: Queryable, id: string, actor: string): Promise<boolean> {
  const rows = await db.query<{ id: string }>(DELETE, [id, actor]);
  return rows.length > 0;
}
