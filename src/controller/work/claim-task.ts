import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import type { Claim, Task } from '../../core/task.ts';
import { touchAgent } from '../../store/agents.ts';
import type { Queryable } from '../../store/database.ts';
import { readExchange } from '../../store/exchange.ts';
import { moveToAgent } from '../../store/sessions/change.ts';
import { createSession } from '../../store/sessions/create.ts';
import { getSession } from '../../store/sessions/read.ts';
import {
  attachSession,
  claimLockedTask,
  claimNewTask,
  extendLease,
  findNewTask,
  findResumedTask,
  findTaskByLease,
  holdTask,
  type Lease,
} from '../../store/tasks/claim.ts';
import type { Deps } from '../deps.ts';
import type { Turn } from './bell.ts';
import { lockWork } from './lock.ts';
import { isTakenOver } from './take-over.ts';
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
  const giveUpAt = performance.now() + claim.waitMs;
  const guest = { role: claim.role, agent: claim.by.name, signal: claim.signal };
  let turn = await deps.bell.enter(guest);
  while (turn !== undefined) {
    const work = await look(deps, claim, turn);
    const leftMs = giveUpAt - performance.now();
    if (work !== undefined || leftMs <= 0) {
      turn.end(work !== undefined);
      return work;
    }
    turn = await deps.bell.wait(guest, turn, leftMs);
  }
  return undefined;
}

async function look(deps: Deps, claim: ClaimWork, turn: Turn): Promise<Claim | undefined> {
  try {
    while (!claim.signal.aborted) {
      const work = await deps.db.transaction((tx) => takeWork(deps, tx, claim, turn));
      if (work !== 'again') return work;
    }
    return undefined;
  } catch (error) {
    turn.end(false);
    throw error;
  }
}

/** `again`: what could be taken has changed in the meantime. */
async function takeWork(
  deps: Deps,
  tx: Queryable,
  claim: ClaimWork,
  turn: Turn,
): Promise<Claim | 'again' | undefined> {
  const work = await takeTask(deps, tx, claim, turn);
  if (work === undefined || work === 'again') return work;
  const { task } = work;
  const session = work.session ?? (await openSession(tx, task, claim.by));
  const { answers, open } =
    work.session === undefined ? { answers: [], open: [] } : await handOverAnswers(tx, session);
  if (answers.length === 0 && (await waitsAgain(tx, task, session, open))) return 'again';
  return {
    task: { ...task, session_id: session.id },
    session: (await getSession(tx, session.id)) ?? session,
    lease_id: claim.claimId,
    lease_ms: deps.config.lease_seconds * 1000,
    answers: [...answers],
    exchange: isTakenOver(session) ? await readExchange(tx, session) : null,
  };
}

interface TakenWork {
  readonly task: Task;
  /** Undefined for a task that nobody has worked on yet. */
  readonly session: Session | undefined;
}

/**
 * Leases a task to the caller: the one that it has under this claim already, one whose conversation it holds, or a
 * new one. New ones are passed over while others have them locked; only when nothing else is left is such a lock
 * waited for, since nobody rings when it goes.
 */
async function takeTask(
  deps: Deps,
  tx: Queryable,
  { by, role, claimId }: ClaimWork,
  { mayTakeNew }: Turn,
): Promise<TakenWork | 'again' | undefined> {
  const lease = { agent: by.name, lease_id: claimId, lease_seconds: deps.config.lease_seconds };
  const held = await findTaskByLease(tx, claimId, by.name);
  if (held !== undefined) {
    const { session } = await lockWork(tx, held);
    const task = await extendLease(tx, held, lease);
    return task === undefined ? 'again' : { task, session };
  }
  const resumed = await findResumedTask(tx, { agent: by.name, role, orphans: mayTakeNew });
  if (resumed !== undefined) return takeOffered(tx, resumed, lease);
  if (!mayTakeNew) return undefined;
  const fresh = await claimNewTask(tx, role, lease);
  if (fresh !== undefined) return { task: fresh, session: undefined };
  const locked = await findNewTask(tx, role);
  return locked === undefined ? undefined : takeOffered(tx, locked, lease);
}

async function takeOffered(tx: Queryable, id: string, lease: Lease): Promise<TakenWork | 'again'> {
  const { task, session } = await lockWork(tx, id);
  if (!task.claimable || (session !== undefined && isStopped(session))) return 'again';
  const own =
    session === undefined || session.agent === lease.agent
      ? session
      : await moveToAgent(tx, session.id, lease.agent);
  if (own === undefined && session !== undefined) return 'again';
  return { task: await claimLockedTask(tx, id, lease), session: own };
}

function isStopped({ status }: Session): boolean {
  return status !== 'pending' && status !== 'active';
}

async function openSession(tx: Queryable, task: Task, by: Principal): Promise<Session> {
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
async function waitsAgain(
  tx: Queryable,
  task: Task,
  session: Session,
  open: readonly string[],
): Promise<boolean> {
  if (session.status !== 'active' || open.length === 0) return false;
  await pauseToWait(tx, session, open);
  await holdTask(tx, task.id);
  return true;
}
