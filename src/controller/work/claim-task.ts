import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import type { Claim, Task } from '../../core/task.ts';
import { touchAgent } from '../../store/agents.ts';
import type { Queryable } from '../../store/database.ts';
import { listOpenQuestions } from '../../store/questions.ts';
import { createSession } from '../../store/sessions/create.ts';
import { lockSession } from '../../store/sessions/read.ts';
import { attachSession, claimTask, findTaskByLease, holdTask } from '../../store/tasks/claim.ts';
import type { Deps } from '../deps.ts';
import { handOverAnswers, pauseToWait } from './waiting.ts';

export interface ClaimWork {
  readonly by: Principal;
  readonly role: string;
  readonly claimId: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Gives an agent its next task, waiting for one if there is none. Undefined: none came in time. */
export async function claimWork(deps: Deps, claim: ClaimWork): Promise<Claim | undefined> {
  await touchAgent(deps.db, claim.by.name);
  const giveUpAt = Date.now() + claim.waitMs;
  for (;;) {
    const rings = deps.bell.count(claim.role);
    const work = await deps.db.transaction((tx) => takeWork(deps, tx, claim));
    if (work === 'again') continue;
    const leftMs = giveUpAt - Date.now();
    if (work !== undefined || leftMs <= 0) return work;
    await deps.bell.wait(claim.role, rings, leftMs, claim.signal);
    if (claim.signal.aborted) return undefined;
  }
}

async function takeWork(
  deps: Deps,
  tx: Queryable,
  { by, role, claimId }: ClaimWork,
): Promise<Claim | 'again' | undefined> {
  const lease = { lease_id: claimId, lease_seconds: deps.config.lease_seconds };
  const task =
    (await findTaskByLease(tx, claimId, by.name)) ??
    (await claimTask(tx, { role, agent: by.name, ...lease }));
  if (task === undefined) return undefined;
  const session = await sessionOf(tx, task, by);
  const answers = await handOverAnswers(tx, session);
  if (answers.length === 0 && (await waitsAgain(tx, task, session))) return 'again';
  return {
    task: { ...task, session_id: session.id },
    session,
    lease_id: claimId,
    lease_ms: lease.lease_seconds * 1000,
    answers: [...answers],
  };
}

async function sessionOf(tx: Queryable, task: Task, by: Principal): Promise<Session> {
  const existing = task.session_id === null ? undefined : await lockSession(tx, task.session_id);
  if (existing !== undefined) return existing;
  const session = await createSession(tx, {
    role: task.target,
    agent: by.name,
    owner: task.owner,
    task_id: task.id,
    trace_id: task.trace_id,
    metadata: {},
    actor: by.actor,
  });
  await attachSession(tx, task.id, session.id);
  return session;
}

/** A conversation that was interrupted, or resumed by a person, while its question is open goes back to waiting. */
async function waitsAgain(tx: Queryable, task: Task, session: Session): Promise<boolean> {
  if (session.status !== 'active') return false;
  const waitingOn = await listOpenQuestions(tx, session.id);
  if (waitingOn.length === 0) return false;
  await pauseToWait(tx, session, waitingOn);
  await holdTask(tx, task.id);
  return true;
}
