import type { Session } from '../../core/session.ts';
import type { Answer } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { listUntoldAnswers } from '../../store/questions.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { offerTask } from '../../store/tasks/claim.ts';
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
 * Resumes a session whose question was answered, and offers its task to its agent again. A session that a person
 * paused stays paused: the answer waits until the person resumes it. An active one gets the answer when its turn
 * ends or its task is claimed again.
 */
export async function wakeSession(tx: Queryable, sessionId: string, reason: string): Promise<void> {
  const session = await lockSession(tx, sessionId);
  if (session?.status !== 'paused' || holderOf(session) !== undefined) return;
  const metadata = noteAnswers(await listUntoldAnswers(tx, sessionId));
  await moveSession(tx, { id: sessionId, event: 'resume', actor: 'controller', reason, metadata });
  if (session.task_id !== null) await offerTask(tx, session.task_id);
}

/**
 * The answers that an active session's conversation has not been told, ready to be told. Those that came before the
 * session had paused for them are paused for and resumed with now.
 */
export async function handOverAnswers(tx: Queryable, session: Session): Promise<readonly Answer[]> {
  const answers = await listUntoldAnswers(tx, session.id);
  const noted = session.fsm_metadata['answered'];
  const early = answers.filter(({ id }) => !(Array.isArray(noted) && noted.includes(id)));
  if (session.status !== 'active' || early.length === 0) return answers;
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
    metadata: noteAnswers(answers),
  });
  return answers;
}

/** What a resumed session notes of the answers that it is resumed with. */
export function noteAnswers(answers: readonly Answer[]): { answered?: string[] } {
  return answers.length === 0 ? {} : { answered: answers.map(({ id }) => id) };
}
