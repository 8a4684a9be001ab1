import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Task, TaskPatch } from '../../core/task.ts';
import { OutdatedReadError, type Queryable } from '../../store/database.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { lockParents, editTask as storeEdit } from '../../store/tasks/edit.ts';
import { findPlace, type LockedTask, lockTasks } from '../../store/tasks/lock.ts';
import { getTask, listWayUp } from '../../store/tasks/read.ts';
import { seesTask } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { requireOpen } from './lease.ts';
import { lockWork } from './lock.ts';
import { notFound } from './not-found.ts';

export interface EditTask {
  readonly by: Principal;
  readonly id: string;
  readonly patch: TaskPatch;
}

/**
 * Changes how urgent an open task is, until when it counts, or what it belongs to. A patch that changes nothing leaves no
 * event.
 *
 * @throws MeshError not_found, task_closed, conflict (it cannot be filed there), invalid_request (a deadline in the past)
 */
export function editTask(deps: Deps, { by, id, patch }: EditTask): Promise<Task> {
  return deps.db.transaction(async (tx) => {
    if (patch.parent_id !== undefined) await lockParents(tx);
    if (patch.parent_id != null) await lockIfNew(tx, patch.parent_id);
    const { task } = await lockWork(tx, id);
    if (!seesTask(by, task)) throw notFound('task', id);
    requireOpen(task);
    const wanted = {
      priority: patch.priority ?? task.priority,
      deadline: patch.deadline === undefined ? task.deadline : patch.deadline,
      parent_id: patch.parent_id === undefined ? task.parent_id : patch.parent_id,
    };
    if (wanted.priority !== task.priority) requireNotBegun(task);
    const isMoved = wanted.parent_id !== task.parent_id;
    if (isMoved) await requireMovable(tx, by, task, wanted.parent_id);
    const isSame =
      !isMoved && wanted.priority === task.priority && isSameTime(wanted.deadline, task.deadline);
    if (isSame) return (await getTask(tx, id)) ?? task;
    const edited = await storeEdit(tx, { id, ...wanted, actor: by.actor });
    if (edited !== undefined) return edited;
    throw new MeshError(
      'invalid_request',
      'Expected a deadline in the future by the clock of the database, found one that has passed.',
      { hint: 'A task beneath another has the deadline of that, if it comes first.' },
    );
  });
}

/** The same moment may be written with another offset. */
function isSameTime(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Date.parse(a) === Date.parse(b));
}

/** Approval policies read the priority, so it stays as it is once they may have. */
function requireNotBegun({ id, attempts }: Task): void {
  if (attempts === 0) return;
  throw new MeshError('conflict', `Task ${id} was begun already, and keeps its priority.`, {
    hint: 'Agents take the highest first, so it would change nothing. Cancel the task and send it anew.',
  });
}

/** What a session has asked, or an approval asks, belongs to what it was asked for. */
async function requireMovable(
  tx: Queryable,
  by: Principal,
  task: Task,
  parentId: string | null,
): Promise<void> {
  if (task.source_session_id !== null || task.approval_id !== null) {
    throw new MeshError(
      'conflict',
      `Task ${task.id} was sent by work that waits for it, and stays beneath that.`,
      {
        hint: 'Only tasks that a person has sent can be filed under others.',
      },
    );
  }
  if (parentId === null) return;
  const way: readonly string[] = (await listWayUp(tx, parentId)).map(({ id }) => id);
  if (way.includes(task.id)) {
    const round = [task.id, ...way.slice(0, way.indexOf(task.id) + 1)].join(' → ');
    throw new MeshError('conflict', `Task ${task.id} cannot be beneath itself: ${round}.`, {
      hint: 'File the other one elsewhere first.',
      details: { cycle: way.slice(0, way.indexOf(task.id) + 1) },
    });
  }
  const parent = await lockOpenTask(tx, parentId);
  if (parent === undefined || !seesTask(by, parent)) throw notFound('task', parentId);
  requireOpen(parent);
  if (parent.owner === task.owner && parent.asked_session_id === null) return;
  throw new MeshError(
    'conflict',
    parent.owner === task.owner
      ? `Task ${parentId} is a question to a conversation, which answers it alone.`
      : `Task ${parentId} is on behalf of ${parent.owner}, task ${task.id} of ${task.owner}.`,
    { hint: 'File it under another open task of the same owner.' },
  );
}

/** A task that has no session yet is locked before all sessions, as everybody does. */
async function lockIfNew(tx: Queryable, id: string): Promise<void> {
  const place = await findPlace(tx, id);
  if (place?.session_id !== null) return;
  const [task] = await lockTasks(tx, [id]);
  if (task?.session_id !== null) throw new OutdatedReadError(`task ${id} has got a session`);
}

/** The parent after its new child, as everybody locks them. */
async function lockOpenTask(tx: Queryable, id: string): Promise<LockedTask | undefined> {
  const place = await findPlace(tx, id);
  if (place?.session_id != null) await lockSession(tx, place.session_id);
  const [task] = await lockTasks(tx, [id]);
  return task;
}
