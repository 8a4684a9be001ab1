import { type ErrorCode, isMeshError, MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import type { TurnReport, TurnVerdict } from '../../core/task.ts';
import type { Queryable } from '../../store/database.ts';
import { markTold } from '../../store/questions.ts';
import { holdTask } from '../../store/tasks/claim.ts';
import type { Deps } from '../deps.ts';
import { endTask } from './end-task.ts';
import { answerFollowUps } from './follow-up.ts';
import { takeHeldBack } from './hold.ts';
import { requireLease } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { noteRefusal } from './refuse.ts';
import { moveSession } from './session-moves.ts';
import { noteTakenOver } from './take-over.ts';
import { handOverAnswers, pauseToWait } from './waiting.ts';

/** What keeps last words from being a result: the model is told, and can do better. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['approval_required', 'invalid_result', 'conflict']);

/**
 * Decides what happens when a Goose turn has ended: the task is over, an answer is there already, the session
 * waits for one, or the last words are the result. The session's lock orders this against answers that arrive
 * at the same time: either the answer is seen here, or the answer sees the pause.
 */
export async function endTurn(
  deps: Deps,
  by: Principal,
  taskId: string,
  report: TurnReport,
): Promise<TurnVerdict> {
  try {
    return await deps.db.transaction((tx) => judgeTurn(deps, tx, by, taskId, report));
  } catch (error) {
    if (!isMeshError(error) || !REFUSALS.has(error.code)) throw error;
    return refuseResult(deps, by, { taskId, report, error });
  }
}

async function judgeTurn(
  deps: Deps,
  tx: Queryable,
  by: Principal,
  taskId: string,
  report: TurnReport,
): Promise<TurnVerdict> {
  const work = await lockWork(tx, taskId);
  const { task } = work;
  if (task.finished_at !== null) return { next: 'done' };
  requireLease(task, by, report.lease_id);
  const session = await requireStarted(tx, work, by);
  const isPaused = session.status === 'paused';
  await noteTakenOver(tx, session);
  await markTold(tx, session.id, report.told, { questions: !isPaused });
  if (isPaused) return wait(tx, work, []);
  const unanswered = await answerFollowUps(deps, tx, { work, text: report.text, actor: by.actor });
  if (unanswered !== undefined) return { next: 'refused', reason: unanswered };
  const { answers, open } = await handOverAnswers(tx, session);
  if (answers.length > 0) return { next: 'answers', answers: [...answers] };
  if (open.length > 0) {
    await pauseToWait(tx, session, open);
    return wait(tx, work, open);
  }
  if (await takeHeldBack(tx, session)) return { next: 'refused', reason: RESUMED };
  const result = { text: report.text, data: {} };
  const end = { status: 'completed', outcome: 'done', result, actor: by.actor } as const;
  await endTask(deps, tx, { ...work, session }, end);
  return { next: 'done' };
}

/** For an agent whose result a person's pause has held back: what it says since is not that result. */
const RESUMED = 'the pause that held your result back is over. Complete the task now.';

/** Whose turn has ended has been active, also if the agent did not say so. */
async function requireStarted(tx: Queryable, { task, session }: LockedWork, by: Principal): Promise<Session> {
  if (session === undefined)
    throw new MeshError('conflict', `Task ${task.id} has no session whose turn could end.`);
  if (session.status !== 'pending') return session;
  return moveSession(tx, { id: session.id, event: 'activate', actor: by.actor, reason: null });
}

async function wait(tx: Queryable, { task }: LockedWork, waitingOn: readonly string[]): Promise<TurnVerdict> {
  await holdTask(tx, task.id);
  return { next: 'wait', waiting_on: [...waitingOn] };
}

/** The last words may not be the result. The agent keeps the task and is told why; what it was told stays told. */
async function refuseResult(
  deps: Deps,
  by: Principal,
  { taskId, report, error }: { taskId: string; report: TurnReport; error: MeshError },
): Promise<TurnVerdict> {
  await deps.db.transaction(async (tx) => {
    const { task, session } = await lockWork(tx, taskId);
    requireLease(task, by, report.lease_id);
    if (session !== undefined) await markTold(tx, session.id, report.told, { questions: true });
  });
  await noteRefusal(deps, { kind: 'task.completion_refused', by, subject: `task:${taskId}`, taskId }, error);
  return { next: 'refused', reason: [error.message, error.hint].filter(Boolean).join(' ') };
}
