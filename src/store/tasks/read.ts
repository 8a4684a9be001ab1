import type { Page, PageQuery } from '../../core/page.ts';
import type { Task } from '../../core/task.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import type { Queryable } from '../database.ts';
import { TASK_COLUMNS } from './columns.ts';

const GET = { name: 'get_task', text: `select ${TASK_COLUMNS} from tasks t where t.id = $1` };

export async function getTask(db: Queryable, id: string): Promise<Task | undefined> {
  const [task] = await db.query<Task>(GET, [id]);
  return task;
}

const LIST = {
  name: 'list_tasks',
  text: `
    select ${TASK_COLUMNS} from tasks t
    where ($1::text is null or t.target = $1)
      and ($2::text is null or t.status = $2)
      and ($3::text is null or t.owner = $3)
      and ($4::text is null or t.target = $4 or t.source = $5)
      and ($6::text is null or t.trace_id = $6)
      and ($10::boolean is null or t.dead_letter = $10)
      and ($11::boolean is null or exists (select from tasks r where r.retry_of = t.id) = $11)
      and ($7::timestamptz is null or (t.created_at, t.id) < ($7, $8::uuid))
    order by t.created_at desc, t.id desc
    limit $9`,
};

export interface ListTasks {
  readonly target?: string | undefined;
  readonly status?: string | undefined;
  readonly owner?: string | undefined;
  readonly traceId?: string | undefined;
  readonly deadLetter?: boolean | undefined;
  /** Whether it was sent anew. */
  readonly retried?: boolean | undefined;
  /** Only what this agent's role received or the agent sent. */
  readonly visibleTo?: { readonly role: string; readonly actor: string } | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first. Plan: a backward scan of idx_tasks_listing that stops after `limit` matching rows. */
export async function listTasks(db: Queryable, list: ListTasks): Promise<Page<Task>> {
  const cursor = decodeCursor(list.cursor);
  const rows = await db.query<Task>(LIST, [
    list.target ?? null,
    list.status ?? null,
    list.owner ?? null,
    list.visibleTo?.role ?? null,
    list.visibleTo?.actor ?? null,
    list.traceId ?? null,
    cursor?.created_at ?? null,
    cursor?.id ?? null,
    list.limit + 1,
    list.deadLetter ?? null,
    list.retried ?? null,
  ]);
  return toPage(rows, list.limit);
}

const NEXT_ATTEMPT = {
  name: 'next_attempt',
  text: `
    select claimable_at as at from tasks
    where id = $1 and status = 'pending' and attempts > 0 and claimable_at > now()`,
};

/** When a task may be taken again that is left alone for a while after an attempt that broke. */
export async function readNextAttempt(db: Queryable, id: string): Promise<string | undefined> {
  const [next] = await db.query<{ at: string }>(NEXT_ATTEMPT, [id]);
  return next?.at;
}

const INBOX = {
  name: 'list_inbox',
  text: `
    select ${TASK_COLUMNS} from tasks t
    where t.target = $1 and t.status in ('pending', 'active')
      and ($2::timestamptz is null or (t.created_at, t.id) > ($2, $3::uuid))
    order by t.created_at, t.id
    limit $4`,
};

/** Open tasks of a role, oldest first. Plan: an index scan of idx_tasks_inbox that stops after `limit` rows. */
export async function listInbox(db: Queryable, role: string, page: PageQuery): Promise<Page<Task>> {
  const cursor = decodeCursor(page.cursor);
  const after = [cursor?.created_at ?? null, cursor?.id ?? null];
  return toPage(await db.query<Task>(INBOX, [role, ...after, page.limit + 1]), page.limit);
}

const COUNT = {
  name: 'count_tasks_by_state',
  text: 'select status, target, count(*) as count from tasks group by status, target',
};

export interface TaskCount {
  readonly status: string;
  readonly target: string;
  readonly count: number;
}

export function countTasks(db: Queryable): Promise<readonly TaskCount[]> {
  return db.query<TaskCount>(COUNT);
}

const WAY_UP = {
  name: 'list_way_up',
  text: `
    with recursive up as (
      select t.id, t.target, t.parent_id, 0 as above from tasks t where t.id = $1
      union all
      select p.id, p.target, p.parent_id, u.above + 1 from tasks p join up u on p.id = u.parent_id
    ) cycle id set is_round using path
    select id, target from up where not is_round order by above`,
};

/** A task and those that it is beneath, from the nearest to the first. */
export function listWayUp(db: Queryable, id: string): Promise<readonly Pick<Task, 'id' | 'target'>[]> {
  return db.query(WAY_UP, [id]);
}
