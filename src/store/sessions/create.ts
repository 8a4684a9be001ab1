import type { JsonObject } from '../../core/json.ts';
import type { Session } from '../../core/session.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
import { CREATED, SESSION_COLUMNS } from './columns.ts';

export interface CreateSession {
  readonly role: string;
  readonly agent: string | null;
  readonly owner: string;
  readonly task_id: string | null;
  readonly trace_id: string;
  readonly metadata: JsonObject;
  readonly actor: string;
}

const CREATE = {
  name: 'create_session',
  text: `
    with s as (
      insert into sessions (role, agent, owner, task_id, trace_id, metadata, privileged)
      values ($1, $2, $3, $4, $5, $6, coalesce((select t.privileged from tasks t where t.id = $4), false))
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'session.created', $7, 'session:' || s.id, s.owner, s.trace_id,
             ${CREATED}
      from s
    )
    select ${SESSION_COLUMNS} from s`,
};

/** Creates a pending session, with its event. It is privileged if its task is. */
export async function createSession(db: Queryable, session: CreateSession): Promise<Session> {
  const { role, agent, owner, task_id, trace_id, metadata, actor } = session;
  const rows = await db.query<Session>(CREATE, [role, agent, owner, task_id, trace_id, metadata, actor]);
  return onlyRow(rows);
}
