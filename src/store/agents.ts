import type { Agent, RegisterAgent } from '../core/agent.ts';
import type { Queryable } from './database.ts';

const COLUMNS =
  'a.name, a.role, a.status, a.reason, a.instance, a.goose_version, a.started_at, a.last_seen_at';

/** \`before\` takes no lock: a row that this statement has changed itself can no longer be locked, and is left out. */
const REGISTER = {
  name: 'register_agent',
  text: `
    with before as (
      select instance from agents where name = $1
    ), a as (
      insert into agents (name, role, status, reason, instance, goose_version) values ($1, $2, $3, $4, $5, $6)
      on conflict (name) do update set
        role = excluded.role, status = excluded.status, reason = excluded.reason,
        goose_version = coalesce(excluded.goose_version, agents.goose_version),
        started_at = case when agents.instance = excluded.instance then agents.started_at else now() end,
        instance = excluded.instance, last_seen_at = now()
      where excluded.status <> 'stopped' or agents.instance = excluded.instance
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'agent.' || a.status, 'agent:' || a.name, 'agent:' || a.name, null, null,
             jsonb_strip_nulls(jsonb_build_object('role', a.role, 'reason', a.reason,
               'goose_version', a.goose_version, 'instance', a.instance))
      from a
    )
    select ${COLUMNS}, (select instance from before) as previous_instance from a`,
};

/**
 * Notes that an agent started, refused to start or stops; tells which instance had its name before. Undefined: an
 * instance says goodbye that has a successor already, and nothing has changed.
 */
export async function registerAgent(
  db: Queryable,
  agent: RegisterAgent & { readonly name: string; readonly role: string },
): Promise<{ agent: Agent; previousInstance: string | null } | undefined> {
  const [row] = await db.query<Agent & { previous_instance: string | null }>(REGISTER, [
    agent.name,
    agent.role,
    agent.status,
    agent.reason ?? null,
    agent.instance,
    agent.goose_version ?? null,
  ]);
  if (row === undefined) return undefined;
  const { previous_instance: previousInstance, ...registered } = row;
  return { agent: registered, previousInstance };
}

const TOUCH = {
  name: 'touch_agent',
  text: `update agents set last_seen_at = now() where name = $1 and last_seen_at < now() - interval '5 seconds'`,
};

/** Notes a sign of life, at most every five seconds so that it costs no write on a hot path. */
export async function touchAgent(db: Queryable, name: string): Promise<void> {
  await db.query(TOUCH, [name]);
}

const LIST = { name: 'list_agents', text: `select ${COLUMNS} from agents a order by a.name` };

export function listAgents(db: Queryable): Promise<readonly Agent[]> {
  return db.query<Agent>(LIST);
}
