import type { GivenResult, Task, TaskOutcome } from '../../core/task.ts';
import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';
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

const FINISH = {
  name: 'finish_task',
  text: `
    with t as (
      update tasks set status = $2, outcome = $3, result = $4, failure = $5, finished_at = now(), ended_by = $6,
                       lease_id = null, lease_expires_at = null, claimable_at = null, dead_letter = $8
      where id = $1
      returning *
    ), informed as (
      update sessions s set privileged = true from t
      where $9 and s.id = t.source_session_id and not s.privileged
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.' || t.status, $6, 'task:' || t.id, t.owner, t.trace_id,
             jsonb_strip_nulls(jsonb_build_object('type', t.type, 'target', t.target, 'source', t.source,
               'outcome', t.outcome, 'amount', ${LOGGED_AMOUNT}, 'attempt', t.attempts, 'reason', $7::text,
               'dead_letter', nullif(t.dead_letter, false),
               'privileged', nullif(t.privileged, false),
               'session_id', t.session_id, 'approval_id', t.approval_id))
      from t
    )
    select ${TASK_COLUMNS} from t`,
};

/** Ends a task for good. The caller holds its lock and has checked that it may end so. */
export async function finishTask(db: Queryable, task: FinishTask): Promise<Task> {
  const { id, status, outcome, result, failure, actor, logged_reason, dead_letter, privileged } = task;
  const values = [id, status, outcome, result, failure, actor, logged_reason, dead_letter, privileged];
  return onlyRow(await db.query<Task>(FINISH, values));
}
