import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { GivenResult, Task, TaskOutcome } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { listAnswerableFollowUps } from '../../store/tasks/follow-up.ts';
import { getTask } from '../../store/tasks/read.ts';
import type { Deps } from '../deps.ts';
import { endTask } from './end-task.ts';
import { requireNotHeld } from './hold.ts';
import { requireHolder, requireOpen } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';

/**
 * A follow-up is a question that a waiting session is asked back by whom it waits for. It stands beneath the task of
 * the session that is asked, and so is locked with it.
 */

type Answer = { readonly outcome: TaskOutcome } & GivenResult;

/**
 * A session answers a question that it was asked by a tool. Saying the same again is answered with what already happened.
 *
 * @throws MeshError forbidden (it was not asked), task_closed, lease_lost, conflict (a person holds the session)
 */
export function completeFollowUp(
  deps: Deps,
  by: Principal,
  { taskId, id, outcome, text, data, attachments }: Answer & { readonly taskId: string; readonly id: string },
): Promise<Task> {
  return deps.db.transaction(async (tx) => {
    const own = await lockWork(tx, taskId);
    const question = await getTask(tx, id);
    if (question === undefined || question.asked_session_id !== by.sessionId) throw notAsked(id, taskId);
    if (question.status === 'completed' && question.outcome === outcome) return question;
    requireOpen(question);
    requireHolder(own.task, by);
    requireNotHeld(own.session, by);
    const end = {
      status: 'completed',
      outcome,
      result: { text, data, attachments },
      actor: by.actor,
    } as const;
    return endTask(deps, tx, await lockWork(tx, id), end);
  });
}

/**
 * The last words of a turn answer every question that the session was told of, unless it has asked something itself
 * since: then a later turn answers. Gives what is to be said to a model that has ended its turn without a word.
 */
export async function answerFollowUps(
  deps: Deps,
  tx: Queryable,
  { work, text, actor }: { readonly work: LockedWork; readonly text: string; readonly actor: string },
): Promise<string | undefined> {
  const sessionId = work.session?.id;
  if (sessionId === undefined || listAsked(work).length === 0) return undefined;
  for (const id of await listAnswerableFollowUps(tx, sessionId)) {
    if (text.trim() === '') return `question ${id} is not answered yet. ${howToAnswer(id)}`;
    const end = { status: 'completed', outcome: 'done', result: { text, data: {} }, actor } as const;
    await endTask(deps, tx, await lockWork(tx, id), end);
  }
  return undefined;
}

/** A model that means to answer a question must not end its own task by mistake. Throws `conflict`. */
export function requireNothingAsked(work: LockedWork): void {
  const [asked] = listAsked(work).filter(({ status }) => status === 'active');
  if (asked === undefined) return;
  throw new MeshError('conflict', `You were asked question ${asked.id}, and have not answered it.`, {
    hint: `${howToAnswer(asked.id)} To end your own task instead, and with it what you wait for, call it with task_id ${work.task.id}.`,
  });
}

/** The open questions to a session, told or not. */
function listAsked({ below, session }: LockedWork): readonly Task[] {
  return below.flatMap(({ task }) => (task.asked_session_id === session?.id ? [task] : []));
}

const howToAnswer = (id: string) => `Call complete_task with task_id ${id} and the answer.`;

function notAsked(id: string, taskId: string): MeshError {
  return new MeshError('forbidden', `Task ${id} is neither your own nor a question that you were asked.`, {
    hint: `Your own task is ${taskId}; leave task_id out to end it.`,
  });
}
