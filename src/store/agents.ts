import type { Agent, RegisterAgent } from '../core/agent.ts';
import { Name } from '../core/identity.ts';
import type { Page, PageQuery } from '../core/page.ts';
import { decodeKey, toPageBy } from './cursor.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

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

/** SQL, to go before a statement's own part: a sign of life of the agent that the parameter names. */
export const seen = (name: string) => `
    returning_agent as (
      select name from agents where name = ${name} and status = 'gone'
    ), seen as (
      update agents a set
        last_seen_at = now(),
        status = case a.status when 'gone' then 'ready' else a.status end,
        reason = case a.status when 'gone' then null else a.reason end
      where a.name = ${name} and (a.last_seen_at < now() - interval '5 seconds' or a.status = 'gone')
      returning a.*
    ), returned as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'agent.ready', 'agent:' || name, 'agent:' || name, null, null,
             jsonb_build_object('role', role, 'instance', instance)
      from seen join returning_agent using (name)
    )`;

const TOUCH = { name: 'touch_agent', text: `with ${seen('$1')} select 1 from seen` };

/**
 * Notes a sign of life, at most every five seconds so that it costs no write on a hot path. One that was thought to be
 * gone is ready again; what others have taken over stays with them.
 */
export async function touchAgent(db: Queryable, name: string): Promise<void> {
  await db.query(TOUCH, [name]);
}

/** When agents count as gone. */
export interface Presence {
  /** Names of the agents that the mesh has. */
  readonly known: readonly string[];
  readonly goneSeconds: number;
  /** Since when somebody was there who could see them. */
  readonly since: string;
}

const toParameters = ({ known, goneSeconds, since }: Presence) => [known, goneSeconds, since];

const LEAVES_AT = 'greatest(a.last_seen_at, $3::timestamptz) + make_interval(secs => $2)';

/** A row that waits to be changed: notified is the role, whose other agents may take over what is offered. */
const log = (actor: string) => `
    log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'agent.gone', ${actor}, 'agent:' || name, null, null,
             jsonb_build_object('role', role, 'reason', reason, 'instance', instance)
      from gone
    ), told as (
      select pg_notify('goose_mesh_work', role) from gone
    )`;

const MARK_GONE = {
  name: 'mark_agents_gone',
  text: `
    with gone as (
      update agents a set status = 'gone', reason = case
          when a.name <> all ($1::text[]) then 'it is not part of the mesh any more'
          else 'not seen for ' || $2::float8 || ' seconds' end
      where a.status <> 'gone' and (a.name <> all ($1::text[]) or ${LEAVES_AT} <= now())
      returning a.*
    ), ${log(`'controller'`)}
    select count(*)::int as gone from told`,
};

/** Marks those who are gone, and wakes the others of their roles. */
export async function markGoneAgents(db: Queryable, presence: Presence): Promise<void> {
  await db.query(MARK_GONE, toParameters(presence));
}

const NEXT_GONE = {
  name: 'next_agent_gone',
  text: `
    select (extract(epoch from min(case when a.name <> all ($1::text[]) then now() else ${LEAVES_AT} end) - now())
            * 1000)::float8 as in_ms
    from agents a where a.status <> 'gone'`,
};

/** Milliseconds until an agent that nobody sees meanwhile is gone; undefined where there is none. */
export async function readNextGone(db: Queryable, presence: Presence): Promise<number | undefined> {
  const rows = await db.query<{ in_ms: number | null }>(NEXT_GONE, toParameters(presence));
  return onlyRow(rows).in_ms ?? undefined;
}

const RETIRE = {
  name: 'retire_agent',
  text: `
    with gone as (
      update agents a set status = 'gone', reason = $2 where a.name = $1 and a.status <> 'gone' returning a.*
    ), ${log('$3')}, latest as (
      select * from gone union all select * from agents where name = $1 and not exists (select 1 from gone)
    )
    select ${COLUMNS}, (select count(*) from told) as told from latest a`,
};

/** Marks an agent as gone, whenever it was seen; undefined if there is none of that name. */
export async function markRetired(
  db: Queryable,
  { name, reason, actor }: { name: string; reason: string; actor: string },
): Promise<Agent | undefined> {
  const [row] = await db.query<Agent & { told: unknown }>(RETIRE, [name, reason, actor]);
  if (row === undefined) return undefined;
  const { told: _told, ...agent } = row;
  return agent;
}

const NOW = { name: 'read_database_time', text: 'select now() as now' };

export async function readDatabaseTime(db: Queryable): Promise<string> {
  return onlyRow(await db.query<{ now: string }>(NOW)).now;
}

const LIST = {
  name: 'list_agents',
  text: `select ${COLUMNS} from agents a where $1::text is null or a.name > $1 order by a.name limit $2`,
};

/** By name. */
export async function listAgents(db: Queryable, { cursor, limit }: PageQuery): Promise<Page<Agent>> {
  const rows = await db.query<Agent>(LIST, [decodeKey(cursor, Name) ?? null, limit + 1]);
  return toPageBy(rows, limit, ({ name }) => name);
}

const READY_ROLES = {
  name: 'list_ready_roles',
  text: `select distinct role from agents where status = 'ready'`,
};

/** The roles of which an agent is there. */
export async function listReadyRoles(db: Queryable): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ role: string }>(READY_ROLES);
  return new Set(rows.map(({ role }) => role));
}
