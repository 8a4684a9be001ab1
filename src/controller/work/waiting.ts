import type { Session } from '../../core/session.ts';
import type { Answer } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { readQuestions, type UntoldAnswer } from '../../store/questions.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { offerTask } from '../../store/tasks/claim.ts';
import { beginFollowUps } from '../../store/tasks/follow-up.ts';
import { holderOf } from './hold.ts';
import { moveSession } from './session-moves.ts';

/**
 * Waiting is pausing, and an answer reaches a conversation only by resuming it. A session that is resumed notes in
 * fsm_metadata.answered which answers it was resumed with, so that its history has exactly one pause and one resume
 * for each wait, however early the answer came and whatever crashed in between.
 */

/** Pauses a session whose questions are open. */
export function pauseToWait(tx: Queryable, session: Session, waitingOn: readonly string[]): Promise<Session> {
  return moveSession(tx, {
    id: session.id,
    event: 'pause',
    actor: 'controller',
    reason: 'waiting for an answer',
    metadata: { waiting_on: [...waitingOn] },
  });
}

/**
 * Resumes a session with the answers that it waits for, and offers its task to its agent again. A session that a
 * person paused stays paused: the answer waits until the person resumes it. An active one gets the answer when its
 * turn ends or its task is claimed again.
 */
export async function wakeSession(tx: Queryable, sessionId: string, reason: string): Promise<void> {
  const session = await lockSession(tx, sessionId);
  if (session?.status !== 'paused' || holderOf(session) !== undefined) return;
  const { due, open } = await findDueAnswers(tx, session);
  if (due.length === 0 && open.length > 0) return;
  await moveSession(tx, {
    id: sessionId,
    event: 'resume',
    actor: 'controller',
    reason,
    metadata: noteAnswers(due),
  });
  if (session.task_id !== null) await offerTask(tx, session.task_id);
}

export interface HandOver {
  readonly answers: readonly Answer[];
  /** What the session still waits for. */
  readonly open: readonly string[];
}

/**
 * The answers that an active session's conversation is to be told now. Those that came before the session had paused
 * for them are paused for and resumed with now.
 */
export async function handOverAnswers(tx: Queryable, session: Session): Promise<HandOver> {
  const { due, early, open } = await findDueAnswers(tx, session);
  await beginQuestions(tx, session, due);
  const handOver = { answers: due.map(({ wait: _wait, thread: _thread, ...answer }) => answer), open };
  if (session.status !== 'active' || early.length === 0) return handOver;
  await pauseToWait(
    tx,
    session,
    early.map(({ kind, id }) => `${kind}:${id}`),
  );
  await moveSession(tx, {
    id: session.id,
    event: 'resume',
    actor: 'controller',
    reason: 'the answer is there already',
    metadata: noteAnswers(due),
  });
  return handOver;
}

/** A question is worked on from when it is handed over. */
async function beginQuestions(
  tx: Queryable,
  { agent }: Session,
  answers: readonly UntoldAnswer[],
): Promise<void> {
  const ids = answers.flatMap(({ kind, status, id }) =>
    kind === 'question' && status === 'pending' ? [id] : [],
  );
  if (ids.length > 0 && agent !== null) await beginFollowUps(tx, ids, agent);
}

export interface DueAnswers {
  /** What the conversation is to be told now, all at once. */
  readonly due: readonly UntoldAnswer[];
  /** Those of them that the session was not resumed with. */
  readonly early: readonly UntoldAnswer[];
  readonly open: readonly string[];
}

/**
 * A session goes on when it is asked back, when a question is answered that it sent with `first`, or when none of its questions is open any
 * more that it asked for the same: its own task, or a question that it was asked back, whose asker would wait for ever if
 * it counted with the others. An approval always counts as one of all. The session is then told every answer that is
 * there. What it was resumed with before, but not told because of a crash, is told in any case.
 */
export async function findDueAnswers(tx: Queryable, session: Session): Promise<DueAnswers> {
  const { untold, open, openThreads } = await readQuestions(tx, session.id);
  const noted = session.fsm_metadata['answered'];
  const isNoted = ({ id }: Answer) => Array.isArray(noted) && noted.includes(id);
  const early = untold.filter((answer) => !isNoted(answer));
  const isTime =
    open.length === 0 || early.some(({ wait, thread }) => wait === 'first' || !openThreads.has(thread));
  return isTime ? { due: untold, early, open } : { due: untold.filter(isNoted), early: [], open };
}

/** What a resumed session notes of the answers that it is resumed with. */
export function noteAnswers(answers: readonly Answer[]): { answered?: string[] } {
  return answers.length === 0 ? {} : { answered: answers.map(({ id }) => id) };
}
