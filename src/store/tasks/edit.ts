import type { Task } from '../../core/task.ts';
import type { Queryable } from '../database.ts';
import { TASK_COLUMNS } from './columns.ts';

const LOCK_PARENTS = { name: 'lock_parents', text: 'select lock_parents()' };

/** Lets one transaction at a time file tasks under others, so that two of them cannot make a circle together. */
export async function lockParents(db: Queryable): Promise<void> {
  await db.query(LOCK_PARENTS);
}

const EDIT = {
  name: 'edit_task',
  text: `
    with t as (
      update tasks t set priority = e.priority, parent_id = e.parent_id, deadline = e.deadline
      from (select $2::smallint as priority, $3::uuid as parent_id,
                   least($4::timestamptz, (select p.deadline from tasks p where p.id = $3::uuid)) as deadline) e
      where t.id = $1 and (e.deadline is null or e.deadline > now())
      returning t.*
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'task.edited', $5, 'task:' || t.id, t.owner, t.trace_id,
             jsonb_build_object('type', t.type, 'target', t.target, 'priority', t.priority, 'parent_id', t.parent_id,
               'deadline', t.deadline)
             || case when t.privileged then '{"privileged": true}'::jsonb else '{}' end
      from t
    )
    select ${TASK_COLUMNS} from t`,
};

export interface EditTask {
  readonly id: string;
  readonly priority: number;
  readonly parent_id: string | null;
  /** RFC 3339; that of the parent counts if it comes before. */
  readonly deadline: string | null;
  readonly actor: string;
}

/** Changes what may be changed of an open task, with its event. Undefined: its new deadline has passed already. */
export async function editTask(db: Queryable, edit: EditTask): Promise<Task | undefined> {
  const { id, priority, parent_id, deadline, actor } = edit;
  const [task] = await db.query<Task>(EDIT, [id, priority, parent_id, deadline, actor]);
  return task;
}
