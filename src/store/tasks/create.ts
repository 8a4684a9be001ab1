import { randomUUID } from 'node:crypto';
import type { Attachment } from '../../core/attachment.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Task } from '../../core/task.ts';
import type { Database, Queryable } from '../database.ts';
import { gather } from '../gather.ts';
import { isUnheard } from '../questions.ts';
import { LOGGED_AMOUNT, TASK_COLUMNS } from './columns.ts';

export interface CreateTask {
  readonly type: string;
  readonly source: string;
  readonly source_session_id: string | null;
  readonly asked_session_id: string | null;
  readonly owner: string;
  readonly target: string;
  /** The words and the person that stand for the target, where the org chart was asked. For the event alone. */
  readonly addressed_as: string | null;
  readonly person: string | null;
  readonly description: string;
  readonly data: JsonObject;
  readonly amount: number | null;
  readonly currency: string | null;
  /** Counts for a task without a parent. */
  readonly priority: number;
  readonly wait: Task['wait'];
  /** RFC 3339; that of the parent counts if it comes before. */
  readonly deadline?: string | null | undefined;
  /** Counts for a task without a parent. */
  readonly max_attempts?: number;
  readonly retry_of?: string;
  readonly attachments?: readonly Attachment[];
  readonly result_schema?: JsonObject | null;
  /** A task beneath a privileged one is privileged in any case. */
  readonly privileged: boolean;
  readonly parent_id: string | null;
  readonly approval_id: string | null;
  readonly trace_id: string;
  readonly idempotency_key: string | null;
  readonly request_hash: string;
}

/** $1 is an array of tasks as JSON objects, each with the id that it shall have. */
const CREATE = {
  name: 'create_tasks',
  text: `
    with n as (
      select * from jsonb_to_recordset($1::jsonb) as n (
        id uuid, type text, source text, source_session_id uuid, owner text, target text, addressed_as text, person text,
        description text, data jsonb, amount numeric, currency text, wait text, parent_id uuid, priority smallint,
        approval_id uuid, trace_id text, idempotency_key text, request_hash text, privileged boolean,
        asked_session_id uuid, deadline timestamptz, max_attempts integer, retry_of uuid,
        attachments jsonb, result_schema jsonb)
    ), t as (
      insert into tasks (id, type, source, source_session_id, owner, target, description, data, amount, currency, wait,
                         parent_id, priority, approval_id, trace_id, idempotency_key, request_hash,
                         privileged, asked_session_id, claimable_at,
                         deadline, max_attempts, retry_of, attachments, result_schema)
      select n.id, n.type, n.source, n.source_session_id, n.owner, n.target, n.description, n.data, n.amount, n.currency,
             n.wait, n.parent_id, coalesce(p.priority, n.priority), n.approval_id, n.trace_id, n.idempotency_key,
             n.request_hash, coalesce(p.privileged, false) or n.privileged, n.asked_session_id,
             case when n.asked_session_id is null then now() end, least(n.deadline, p.deadline),
             coalesce(p.max_attempts, n.max_attempts, 5), n.retry_of, coalesce(n.attachments, '[]'), n.result_schema
      from n left join lateral (
        select priority, privileged, deadline, max_attempts from tasks where id = n.parent_id offset 0
      ) p on true
      where least(n.deadline, p.deadline) is null or least(n.deadline, p.deadline) > now()
      on conflict (source, idempotency_key) where idempotency_key is not null do nothing
      returning *
    ), informed as (
      update sessions s set privileged = true from t
      where t.privileged and s.id = any (array[t.source_session_id, t.asked_session_id]) and not s.privileged
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.routed', t.source, 'task:' || t.id, t.owner, t.trace_id,
             jsonb_strip_nulls(jsonb_build_object('type', t.type, 'target', t.target, 'amount', ${LOGGED_AMOUNT},
               'currency', t.currency, 'priority', t.priority, 'wait', t.wait, 'privileged', nullif(t.privileged, false),
               'parent_id', t.parent_id, 'approval_id', t.approval_id, 'source_session_id', t.source_session_id,
               'asked_session_id', t.asked_session_id, 'deadline', t.deadline,
               'max_attempts', t.max_attempts, 'retry_of', t.retry_of,
               'addressed_as', n.addressed_as, 'person', n.person))
      from t join n using (id)
    )
    select ${TASK_COLUMNS} from t`,
};

/**
 * Stores a task, with its event. The session that sends a privileged one, and the one that is asked, know of it and
 * become privileged themselves. Undefined: the source used its idempotency key before, or its deadline has passed.
 */
export async function createTask(db: Queryable, task: CreateTask): Promise<Task | undefined> {
  const [created] = await createAll(db, [{ ...task, id: randomUUID() }]);
  return created;
}

/** `createTask` for one that no session sends, which locks nothing, together with others that come at the same time. */
export function createTogether(db: Database, task: CreateTask): Promise<Task | undefined> {
  return gatherTasks(db, { ...task, id: randomUUID() });
}

interface Created extends CreateTask {
  readonly id: string;
}

const keyOf = ({ id, source, idempotency_key: key }: Created): string =>
  key === null ? id : `${source} ${key}`;

const gatherTasks = gather<Database, Created, Task>({
  keyOf,
  async carryOut(db, tasks) {
    const created = new Map((await createAll(db, tasks)).map((task) => [task.id as string, task]));
    return new Map(
      tasks.flatMap((task) => {
        const found = created.get(task.id);
        return found === undefined ? [] : [[keyOf(task), found]];
      }),
    );
  },
});

function createAll(db: Queryable, tasks: readonly Created[]): Promise<readonly Task[]> {
  return db.query<Task>(CREATE, [JSON.stringify(tasks)]);
}

const FIND_BY_KEY = {
  name: 'find_task_by_idempotency_key',
  text: `
    select ${TASK_COLUMNS}, t.request_hash from tasks t where t.source = $1 and t.idempotency_key = $2`,
};

export async function findTaskByKey(
  db: Queryable,
  source: string,
  key: string,
): Promise<{ task: Task; request_hash: string } | undefined> {
  const [row] = await db.query<Task & { request_hash: string }>(FIND_BY_KEY, [source, key]);
  if (row === undefined) return undefined;
  const { request_hash, ...task } = row;
  return { task, request_hash };
}

const FIND_TWIN = {
  name: 'find_twin_task',
  text: `
    select ${TASK_COLUMNS} from tasks t
    where t.source_session_id = $1 and t.request_hash = $2
      and (t.finished_at is null or ${isUnheard('t', 't.source_session_id')})
    limit 1`,
};

/**
 * A task that the same session has already sent with the same content and does not know the answer of: a model that
 * repeats itself, or whose conversation lost the call in a crash.
 */
export async function findTwin(
  db: Queryable,
  sourceSessionId: string,
  requestHash: string,
): Promise<Task | undefined> {
  const [task] = await db.query<Task>(FIND_TWIN, [sourceSessionId, requestHash]);
  return task;
}
