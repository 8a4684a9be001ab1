import type { Approval } from '../../core/approval.ts';
import { isMeshError } from '../../core/errors.ts';
import { nextEscalation, stateOf } from '../../core/policy/progress.ts';
import type { Session } from '../../core/session.ts';
import { markGoneAgents, readNextGone } from '../../store/agents.ts';
import { listDueApprovals, lockApproval } from '../../store/approvals/decide.ts';
import type { Queryable } from '../../store/database.ts';
import {
  listIdleSessions,
  lockIdleSession,
  lockSweeper,
  notifyRolesWithRetries,
  readNextDue,
} from '../../store/due.ts';
import { listErasable, readNextErasure } from '../../store/erase/due.ts';
import { pruneCalls } from '../../store/guard/calls.ts';
import { pruneEvents, readNextPruning } from '../../store/prune.ts';
import { getSession } from '../../store/sessions/read.ts';
import { listExpiredLeases, listOverdueTasks } from '../../store/tasks/release.ts';
import type { Deps } from '../deps.ts';
import { advance } from './advance-approval.ts';
import { endApproval, endTask } from './end-task.ts';
import { erase } from './erase.ts';
import { giveUp } from './finish-task.ts';
import { lockWork } from './lock.ts';
import { presenceOf } from './presence.ts';
import { eventRetentionSeconds, retentionRules } from './retention.ts';
import { moveSession } from './session-moves.ts';
import { timeOutSeconds, timeOutsOf } from './time-outs.ts';

const BATCH = 100;
const ACTOR = 'controller';

/** How long who finds another one sweeping waits: that one may die in the middle of it. */
const BUSY_MS = 1000;

/**
 * Does whatever is due: leases that ran out, deadlines that passed, approvals that were not decided in time, sessions whose
 * time is out, work whose waiting time is over, content that is not to be kept any longer, agents that are gone. Any number
 * of controllers may try; one at a time sweeps, and those who come after it find nothing due any more. Every step looks again
 * under its own lock all the same: a sweeper that was frozen has lost its lock when it goes on.
 */
export function sweep(deps: Deps): Promise<SweepResult> {
  return deps.db.transaction(async (tx) => {
    if (!(await lockSweeper(tx))) return { failed: 0, nextMs: BUSY_MS };
    const nextMs = await lookAhead(deps);
    if (nextMs > 0) return { failed: 0, nextMs };
    const failed = await doWhatIsDue(deps);
    return { failed, nextMs: await lookAhead(deps) };
  });
}

async function doWhatIsDue(deps: Deps): Promise<number> {
  const { db } = deps;
  await markGoneAgents(db, presenceOf(deps));
  const leases = await listExpiredLeases(db, BATCH);
  const overdue = await listOverdueTasks(db, BATCH);
  const approvals = await listDueApprovals(db, BATCH);
  const sessions = await listIdleSessions(db, timeOutsOf(deps), BATCH);
  const contents = await listErasable(db, retentionRules(deps), BATCH);
  const steps = [
    ...leases.map((id) => (tx: Queryable) => releaseIfExpired(deps, tx, id)),
    ...overdue.map((id) => (tx: Queryable) => failOverdue(deps, tx, id)),
    ...approvals.map((approval) => (tx: Queryable) => moveApproval(deps, tx, approval)),
    ...sessions.map((id) => (tx: Queryable) => expireSession(deps, tx, id)),
    ...contents.map((content) => (tx: Queryable) => erase(deps, tx, content)),
    (tx: Queryable) => pruneEvents(tx, eventRetentionSeconds(deps)),
    (tx: Queryable) => pruneCalls(tx, eventRetentionSeconds(deps)),
  ];
  let failed = 0;
  for (const step of steps) {
    if (!(await takeStep(deps, step))) failed += 1;
  }
  return failed;
}

/** Wakes who has something to try again now, and tells when the next thing is due. */
function lookAhead(deps: Deps): Promise<number> {
  return deps.db.transaction(async (tx) => {
    // By one clock: what is not yet due for the first of these is still to come for the second.
    await notifyRolesWithRetries(tx);
    const keepSeconds = eventRetentionSeconds(deps);
    const dueMs = [
      await readNextDue(tx, timeOutsOf(deps)),
      await readNextErasure(tx, retentionRules(deps)),
      // What is not even sealed yet is not older than now.
      (await readNextPruning(tx, keepSeconds)) ?? keepSeconds * 1000,
      await readNextGone(tx, presenceOf(deps)),
    ];
    return Math.min(...dueMs.filter((ms) => ms !== undefined));
  });
}

export interface SweepResult {
  /** Steps that broke; what they were about is still due. */
  readonly failed: number;
  /** Milliseconds until something may be due. */
  readonly nextMs: number;
}

/** One thing that cannot be done must not keep the others from being done. */
async function takeStep(deps: Deps, step: (tx: Queryable) => Promise<void>): Promise<boolean> {
  try {
    await deps.db.transaction(step);
    return true;
  } catch (error) {
    if (isMeshError(error) && error.retryable) throw error;
    deps.log.error({ err: error }, 'the sweep could not do one of its steps');
    return false;
  }
}

async function releaseIfExpired(deps: Deps, tx: Queryable, id: string): Promise<void> {
  const work = await lockWork(tx, id);
  if (!work.task.lease_expired) return;
  const reason = `agent:${work.task.agent ?? '?'} fell silent`;
  await giveUp(deps, tx, work, { reason, actor: ACTOR, retry: { afterSeconds: 0 } });
}

/** Whoever holds it: a deadline is for everybody. */
async function failOverdue(deps: Deps, tx: Queryable, id: string): Promise<void> {
  const work = await lockWork(tx, id);
  if (work.task.finished_at !== null || !work.task.overdue) return;
  const reason = `its deadline, ${work.task.deadline ?? ''}, has passed`;
  await endTask(deps, tx, work, { status: 'failed', reason, actor: ACTOR });
}

/** Lets others decide what was not decided by its deadline, or ends what was not decided at all. */
async function moveApproval(
  deps: Deps,
  tx: Queryable,
  { id, task_id }: { id: string; task_id: string },
): Promise<void> {
  const { task } = await lockWork(tx, task_id);
  const approval = await lockApproval(tx, id);
  if (approval?.status !== 'pending') return;
  const { stage, overdue, is_due } = approval;
  if (overdue) {
    const reason = reasonToGiveUp(approval);
    await endApproval(deps, tx, { id, status: 'expired', reason, actor: ACTOR });
  } else if (is_due) {
    const escalated = [...approval.escalated, ...(nextEscalation(approval)?.steps ?? [])];
    await advance(deps, tx, { approval, task, actor: ACTOR, to: { stage, escalated } });
  }
}

function reasonToGiveUp(approval: Approval): string {
  if (approval.decisions.length === 0) return 'nobody decided in time';
  const missing = approval.steps.filter((step) => stateOf(approval, step) !== 'approved');
  return `${missing.map(({ label }) => label).join(' and ')} did not decide in time`;
}

/** Expires a session, and fails the task that it was working on. */
async function expireSession(deps: Deps, tx: Queryable, id: string): Promise<void> {
  const taskId = (await getSession(tx, id))?.task_id ?? null;
  const work = taskId === null ? undefined : await lockWork(tx, taskId);
  const session = await lockIdleSession(tx, timeOutsOf(deps), id);
  if (session === undefined) return;
  const reason = reasonToExpire(deps, session);
  await moveSession(tx, { id, event: 'expire', actor: ACTOR, reason });
  if (work === undefined || work.task.finished_at !== null) return;
  const end = { status: 'failed', reason: `session ${id} expired: ${reason}`, actor: ACTOR } as const;
  await endTask(deps, tx, { ...work, session: undefined }, end);
}

function reasonToExpire(deps: Deps, { role, status }: Session): string {
  return `${status} for ${toDuration(timeOutSeconds(deps, role, status))} without a change`;
}

/** In the largest unit of which there is at least one: 30 days, 1.5 hours, 1 second. */
function toDuration(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? (['second', 1] as const);
  const count = Number((seconds / length).toFixed(2));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;
