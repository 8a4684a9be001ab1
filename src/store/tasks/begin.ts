import type { Session } from '../../core/session.ts';
import type { Task } from '../../core/task.ts';
import { touchAgent } from '../agents.ts';
import type { Database, Queryable } from '../database.ts';
import { gather } from '../gather.ts';
import { among, onlyRow } from '../rows.ts';
import { CREATED } from '../sessions/columns.ts';
import { listSessionsById } from '../sessions/read.ts';
import { CLAIMED, HELD, type Lease, leased, RESUMED, toParameters } from './claim.ts';
import { TASK_COLUMNS } from './columns.ts';

/** The lease, and the id of the session that is opened with it. */
export interface Beginning extends Lease {
  readonly session_id: string;
}

/**
 * Leases tasks on which nobody has worked yet to agents, and opens a session for each: one statement, since every agent does
 * this for every task. `chosen` is SQL that ends with a table of that name: the task with the columns of `Beginning`.
 */
const begin = (chosen: string) => `
    with ${chosen}, claimed as (
      update tasks t set ${leased('c.agent', 'c.lease_id', 'c.lease_seconds')}, session_id = c.session_id
      from chosen c where t.id = c.id and ${among('t.id', 'chosen')}
      returning t.*
    ), s as (
      insert into sessions (id, role, agent, owner, task_id, trace_id, privileged)
      select session_id, target, agent, owner, id, trace_id, privileged from claimed
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select kind, 'agent:' || agent, subject, owner, trace_id, data from (
        select id, 1 as n, agent, 'task.claimed' as kind, 'task:' || id as subject, owner, trace_id,
               jsonb_strip_nulls(jsonb_build_object(${CLAIMED})) as data
        from claimed
        union all
        select s.task_id, 2, s.agent, 'session.created', 'session:' || s.id, s.owner, s.trace_id, ${CREATED} from s
      ) lines order by id, n
    )
    select ${TASK_COLUMNS} from claimed t`;

const BEGIN_LOCKED = {
  name: 'begin_locked_task',
  text: begin(`chosen as (
      select $1::uuid as id, $2::text as agent, $3::uuid as lease_id, $4::float8 as lease_seconds, $5::uuid as session_id
    )`),
};

/** Begins with a task that the caller has locked. */
export async function beginLockedTask(db: Queryable, id: string, beginning: Beginning): Promise<Task> {
  const values = [id, ...toParameters(beginning), beginning.session_id];
  return onlyRow(await db.query<Task>(BEGIN_LOCKED, values));
}

/**
 * $1 is an array of JSON objects. Plan: an index scan of idx_tasks_new for each role, in whose order it reads, stopped when
 * there is a task for each who wants one.
 */
const BEGIN_TOGETHER = {
  name: 'begin_tasks_together',
  text: begin(`claimer as (
      select w.*, row_number() over (partition by w.role order by w.n) as place
      from rows from (jsonb_to_recordset($1::jsonb)
             as (role text, agent text, lease_id uuid, lease_seconds float8, session_id uuid))
        with ordinality as w (role, agent, lease_id, lease_seconds, session_id, n)
      where not exists (${HELD('w')}) and not exists (${RESUMED('w')})
    ), next as (
      select r.role, t.id, row_number() over (partition by r.role order by t.priority desc, t.claimable_at) as place
      from (select role, count(*) as wanted from claimer group by role) r cross join lateral (
        select id, priority, claimable_at from tasks
        where target = r.role and session_id is null and claimable_at <= now()
        order by priority desc, claimable_at
        limit r.wanted
        for no key update skip locked
      ) t
    ), chosen as (
      select n.id, c.agent, c.lease_id, c.lease_seconds, c.session_id from next n join claimer c using (role, place)
    )`),
};

/** An agent that looks for a task. */
export interface Claimer extends Beginning {
  readonly role: string;
  /** True when it comes; false when it has waited, which is no sign of life. */
  readonly arrives: boolean;
}

export interface Begun {
  readonly task: Task;
  readonly session: Session;
}

/**
 * Begins with the most urgent task for a role that nobody has worked on yet, of those with the one that has waited longest,
 * together with others that look for work at the same time. Undefined where there is none, where there may be one that
 * others have locked, and where the agent has something else to go on with. That it comes is a sign of life in any case.
 */
export const beginTogether = gather<Database, Claimer, Begun>({
  keyOf: ({ lease_id }) => lease_id,
  carryOut: (db, claimers) =>
    db.transaction(async (tx) => {
      const arriving = claimers.filter(({ arrives }) => arrives).map(({ agent }) => agent);
      const agents = [...new Set(arriving)].sort();
      // Sent together, done one after the other.
      const [, tasks, sessions] = await Promise.all([
        Promise.all(agents.map((agent) => touchAgent(tx, agent))),
        tx.query<Task>(BEGIN_TOGETHER, [JSON.stringify(claimers)]),
        listSessionsById(
          tx,
          claimers.map(({ session_id }) => session_id),
        ),
      ]);
      const begun = sessions.flatMap((session) => {
        const task = tasks.find(({ session_id }) => session_id === session.id);
        return task === undefined ? [] : [{ task, session }];
      });
      const leases = new Map(claimers.map(({ session_id, lease_id }) => [session_id, lease_id]));
      return new Map(begun.map((work) => [leases.get(work.session.id) ?? '', work]));
    }),
});
