import type { GivenResult, Task, TaskOutcome } from '../../core/task.ts';
import type { Queryable } from '../database.ts';
import { among, onlyRow } from '../rows.ts';
import { LOGGED_AMOUNT, TASK_COLUMNS } from './columns.ts';

export interface FinishTask {
  readonly id: string;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly outcome: TaskOutcome | null;
  readonly result: GivenResult | null;
  readonly failure: string | null;
  /** Of the failure what the log may hold. */
  readonly logged_reason: string | null;
  /** It failed after all its attempts. */
  readonly dead_letter: boolean;
  /** Whether privileged work went into it: then the session that asked becomes privileged. */
  readonly privileged: boolean;
  readonly actor: string;
}

/** `wanted` is SQL that gives the columns of `FinishTask`. */
const finish = (wanted: string) => `
    with wanted as (${wanted}
    ), t as (
      update tasks t set status = w.status, outcome = w.outcome, result = w.result, failure = w.failure,
                         finished_at = now(), ended_by = w.actor,
                         lease_id = null, lease_expires_at = null, claimable_at = null, dead_letter = w.dead_letter
      from wanted w where t.id = w.id and ${among('t.id', 'wanted')}
      returning t.*, w.logged_reason, w.privileged as privileged_work
    ), informed as (
      update sessions s set privileged = true from t
      where t.privileged_work and s.id = t.source_session_id and not s.privileged
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.' || t.status, t.ended_by, 'task:' || t.id, t.owner, t.trace_id,
             jsonb_strip_nulls(jsonb_build_object('type', t.type, 'target', t.target, 'source', t.source,
               'outcome', t.outcome, 'amount', ${LOGGED_AMOUNT}, 'attempt', t.attempts, 'reason', t.logged_reason,
               'dead_letter', nullif(t.dead_letter, false),
               'privileged', nullif(t.privileged, false),
               'session_id', t.session_id, 'approval_id', t.approval_id))
      from t
    )
    select ${TASK_COLUMNS} from t`;

const FINISH = {
  name: 'finish_task',
  text: finish(`
      select $1::uuid as id, $2::text as status, $3::text as outcome, $4::jsonb as result, $5::text as failure,
             $6::text as logged_reason, $7::boolean as dead_letter, $8::boolean as privileged, $9::text as actor`),
};

/** Ends a task for good. The caller holds its lock and has checked that it may end so. */
export async function finishTask(db: Queryable, task: FinishTask): Promise<Task> {
  const { id, status, outcome, result, failure, logged_reason, dead_letter, privileged, actor } = task;
  const values = [id, status, outcome, result, failure, logged_reason, dead_letter, privileged, actor];
  return onlyRow(await db.query<Task>(FINISH, values));
}

/** $1 is an array of JSON objects. */
const FINISH_TOGETHER = {
  name: 'finish_tasks_together',
  text: finish(`
      select * from jsonb_to_recordset($1::jsonb)
        as (id uuid, status text, outcome text, result jsonb, failure text, logged_reason text,
            dead_letter boolean, privileged boolean, actor text)`),
};

/** `finishTask` for several. */
export function finishTasks(db: Queryable, tasks: readonly FinishTask[]): Promise<readonly Task[]> {
  return db.query<Task>(FINISH_TOGETHER, [JSON.stringify(tasks)]);
}
