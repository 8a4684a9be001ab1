import { randomUUID } from 'node:crypto';
import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import type { Claim, Task } from '../../core/task.ts';
import { touchAgent } from '../../store/agents.ts';
import type { Queryable } from '../../store/database.ts';
import { readExchange } from '../../store/exchange.ts';
import { moveToAgent } from '../../store/sessions/change.ts';
import { getSession } from '../../store/sessions/read.ts';
import { beginLockedTask, beginTogether } from '../../store/tasks/begin.ts';
import {
  extendLease,
  findNewTask,
  findResumedTask,
  findTaskByLease,
  holdTask,
  type Lease,
  resumeTask,
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
  const giveUpAt = performance.now() + claim.waitMs;
  const guest = { role: claim.role, agent: claim.by.name, signal: claim.signal };
  let turn = await deps.bell.enter(guest);
  for (let arrives = true; turn !== undefined; arrives = false) {
    const work = await look(deps, { ...claim, arrives }, turn);
    const leftMs = giveUpAt - performance.now();
    if (work !== undefined || leftMs <= 0) {
      turn.end(work !== undefined);
      return work;
    }
    turn = await deps.bell.wait(guest, turn, leftMs);
  }
  return undefined;
}

interface Look extends ClaimWork {
  /** A claim that comes is a sign of life of its agent; one that has waited is none. */
  readonly arrives: boolean;
}

async function look(deps: Deps, claim: Look, turn: Turn): Promise<Claim | undefined> {
  try {
    const begun = turn.mayTakeNew && !claim.signal.aborted ? await beginNew(deps, claim) : undefined;
    if (begun !== undefined) return begun;
    if (claim.arrives && !turn.mayTakeNew) await touchAgent(deps.db, claim.by.name);
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

/** What mostly happens: there is something new, and nothing else for the caller to go on with. */
async function beginNew(deps: Deps, { by, role, claimId, arrives }: Look): Promise<Claim | undefined> {
  const { lease_seconds } = deps.config;
  const begun = await beginTogether(deps.db, {
    role,
    agent: by.name,
    lease_id: claimId,
    lease_seconds,
    session_id: randomUUID(),
    arrives,
  });
  const lease = { lease_id: claimId, lease_ms: lease_seconds * 1000 };
  return begun === undefined ? undefined : { ...begun, ...lease, answers: [], exchange: null };
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
  const { task, session } = work;
  const lease = { lease_id: claim.claimId, lease_ms: deps.config.lease_seconds * 1000 };
  if (work.isNew) return { task, session, ...lease, answers: [], exchange: null };
  const { answers, open } = await handOverAnswers(tx, session);
  if (answers.length === 0 && (await waitsAgain(tx, task, session, open))) return 'again';
  return {
    task,
    session: (await getSession(tx, session.id)) ?? session,
    ...lease,
    answers: [...answers],
    exchange: isTakenOver(session) ? await readExchange(tx, session) : null,
  };
}

interface TakenWork {
  readonly task: Task;
  readonly session: Session;
  /** Nobody has worked on it yet, so its session was opened just now. */
  readonly isNew: boolean;
}

/**
 * Leases a task to the caller: the one that it has under this claim already, one whose conversation it holds, or a
 * new one. That one may be locked by others, and is waited for, since nobody rings when the lock goes.
 */
async function takeTask(
  deps: Deps,
  tx: Queryable,
  { by, role, claimId }: ClaimWork,
  { mayTakeNew }: Turn,
): Promise<TakenWork | 'again' | undefined> {
  const lease = { agent: by.name, lease_id: claimId, lease_seconds: deps.config.lease_seconds };
  // Sent together, done one after the other, here and below.
  const [held, resumed] = await Promise.all([
    findTaskByLease(tx, claimId, by.name),
    findResumedTask(tx, { agent: by.name, role, orphans: mayTakeNew }),
  ]);
  if (held !== undefined) return takeHeld(tx, held, lease);
  if (resumed !== undefined) return takeOffered(tx, resumed, lease);
  if (!mayTakeNew) return undefined;
  const fresh = await findNewTask(tx, role);
  return fresh === undefined ? undefined : takeOffered(tx, fresh, lease);
}

async function takeHeld(tx: Queryable, id: string, lease: Lease): Promise<TakenWork | 'again'> {
  const { session } = await lockWork(tx, id);
  const task = await extendLease(tx, id, lease);
  return task === undefined || session === undefined ? 'again' : { task, session, isNew: false };
}

async function takeOffered(tx: Queryable, id: string, lease: Lease): Promise<TakenWork | 'again'> {
  const { task, session } = await lockWork(tx, id);
  if (!task.claimable) return 'again';
  if (session === undefined) {
    return begin(tx, id, lease);
  }
  if (isStopped(session)) return 'again';
  const own = session.agent === lease.agent ? session : await moveToAgent(tx, session.id, lease.agent);
  return own === undefined ? 'again' : { task: await resumeTask(tx, id, lease), session: own, isNew: false };
}

async function begin(tx: Queryable, id: string, lease: Lease): Promise<TakenWork | 'again'> {
  const session_id = randomUUID();
  const [task, session] = await Promise.all([
    beginLockedTask(tx, id, { ...lease, session_id }),
    getSession(tx, session_id),
  ]);
  return session === undefined ? 'again' : { task, session, isNew: true };
}

function isStopped({ status }: Session): boolean {
  return status !== 'pending' && status !== 'active';
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
