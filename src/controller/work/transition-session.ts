import { isMeshError, MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  allowedSessionEvents,
  PUBLIC_SESSION_EVENTS,
  type Session,
  type SessionEvent,
} from '../../core/session.ts';
import { didYouMean } from '../../core/text.ts';
import type { Queryable } from '../../store/database.ts';
import { mergeMetadata } from '../../store/sessions/change.ts';
import { getSession, lockSession } from '../../store/sessions/read.ts';
import { type Transition, transitionSession, transitionTogether } from '../../store/sessions/transition.ts';
import { holdTask, offerTask } from '../../store/tasks/claim.ts';
import type { Deps } from '../deps.ts';
import { endTask } from './end-task.ts';
import { findSession } from './find-session.ts';
import { holderOf } from './hold.ts';
import { requireBoundTo, requireHolder } from './lease.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { type LoggedWork, reasonForLog } from './log-text.ts';
import { notFound } from './not-found.ts';
import { noteRefusal } from './refuse.ts';
import { requireMatch } from './revision.ts';
import { findDueAnswers, noteAnswers } from './waiting.ts';

export interface SendSessionEvent {
  readonly by: Principal;
  readonly id: string;
  readonly event: string;
  readonly reason: string | undefined;
  /** Entity tags that the caller has read; undefined: any. */
  readonly ifMatch: readonly string[] | undefined;
}

/**
 * Sends an event to a session on somebody's behalf. What it means for the session's task happens in the same
 * transaction: a person's pause holds the task, a resume offers it again, an end ends it by the same rules as
 * any other way of ending it.
 *
 * @throws MeshError unknown_event, invalid_transition, not_found, conflict (it is not as the caller has read it),
 * approval_required, forbidden (an agent that would
 * resume what a person paused), lease_lost (an agent that does not hold its task)
 */
export async function sendSessionEvent(deps: Deps, request: SendSessionEvent): Promise<Session> {
  const moved = await moveAlone(deps, request);
  if (moved !== undefined) return moved;
  const session = await findSession(deps, request.by, request.id);
  const event = requireEvent(request.event, session);
  const { task_id: taskId } = session;
  if (taskId === null)
    return deps.db.transaction((tx) =>
      change(deps, tx, request, { event, logged: session, work: undefined }),
    );
  try {
    return await deps.db.transaction(async (tx) =>
      change(deps, tx, request, { event, logged: session, work: await lockWork(tx, taskId) }),
    );
  } catch (error) {
    if (isMeshError(error) && error.code === 'approval_required') {
      const subject = `task:${taskId}`;
      await noteRefusal(deps, { kind: 'task.completion_refused', by: request.by, subject, taskId }, error);
    }
    throw error;
  }
}

/**
 * A session without a task is nobody else's business, so its move is a single statement, which is a transaction by
 * itself, and may go with others. Undefined where that is not enough: there is no such session, it has a task, somebody
 * else works on it just now, its caller minds its version, or gives a reason, of which its role decides what the log may tell.
 */
async function moveAlone({ db }: Deps, request: SendSessionEvent): Promise<Session | undefined> {
  const { by, id, reason, ifMatch } = request;
  const event = PUBLIC_SESSION_EVENTS.find((known) => known === request.event);
  // Agents hold the sessions of tasks alone.
  if (by.kind === 'agent' || event === undefined || ifMatch !== undefined || reason !== undefined)
    return undefined;
  const transition = await transitionTogether(db, {
    id,
    event,
    actor: by.actor,
    reason: null,
    metadata: noteOf(by, event),
    onlyIf: { hasNoTask: true, owner: by.kind === 'admin' ? undefined : by.actor },
  });
  if (transition === undefined) return undefined;
  if (transition.to_state === null) throw refusal(transition, event);
  return event === 'pause' ? notePersonsPause(db, transition, by) : transition.session;
}

interface Change {
  readonly event: Exclude<SessionEvent, 'expire'>;
  /** What the log may hold of it. */
  readonly logged: LoggedWork;
  /** The session's task, with the session that works on it now. */
  readonly work: LockedWork | undefined;
}

async function change(
  deps: Deps,
  tx: Queryable,
  request: SendSessionEvent,
  { event, logged, work }: Change,
): Promise<Session> {
  const { by, id, ifMatch } = request;
  if (ifMatch !== undefined) requireMatch((await lockSession(tx, id)) ?? raise(id), ifMatch);
  // A person may do anything with what is theirs, an agent only with what it holds.
  if (by.kind === 'agent') requireHolderOf(id, work, by);
  if (work?.session?.id === id && endsOpenTask(work, event)) return endBoth(deps, tx, work, request, event);
  if (by.kind === 'agent' && event === 'resume') await requireOwnPause(tx, id);
  const transition = await transit(deps, tx, request, { event, logged });
  if (work?.session?.id === id) await followSession(tx, work, transition, event);
  return event === 'pause' ? notePersonsPause(tx, transition, by) : transition.session;
}

function requireHolderOf(id: string, work: LockedWork | undefined, by: Principal): void {
  requireBoundTo(id, by);
  if (work !== undefined) requireHolder(work.task, by);
}

function requireEvent(event: string, { status }: Session): Change['event'] {
  const known = PUBLIC_SESSION_EVENTS.find((candidate) => candidate === event);
  if (known !== undefined) return known;
  const near = didYouMean(event, PUBLIC_SESSION_EVENTS);
  throw new MeshError(
    'unknown_event',
    `There is no session event ${JSON.stringify(event)}; known are ${PUBLIC_SESSION_EVENTS.join(', ')}.`,
    {
      hint: near === undefined ? undefined : `Did you mean ${near}?`,
      details: { event, state: status, allowed: allowedSessionEvents(status) },
    },
  );
}

/** What a person paused, only a person resumes. */
async function requireOwnPause(tx: Queryable, id: string): Promise<void> {
  const session = await lockSession(tx, id);
  const holder = session?.status === 'paused' ? holderOf(session) : undefined;
  if (holder === undefined) return;
  throw new MeshError('forbidden', `Session ${id} was paused by ${holder}, so a person must resume it.`);
}

async function transit(
  deps: Deps,
  tx: Queryable,
  request: SendSessionEvent,
  { event, logged }: Pick<Change, 'event' | 'logged'>,
): Promise<Transition> {
  const { id, by, reason } = request;
  const metadata = await contextOf(tx, request, event);
  const clean = reason === undefined ? null : reasonForLog(deps, logged, { reason, actor: by.actor });
  const transition = await transitionSession(tx, { id, event, actor: by.actor, reason: clean, metadata });
  if (transition === undefined) throw notFound('session', id);
  if (transition.to_state === null) throw refusal(transition, event);
  return transition;
}

/** A resume notes the answers that it brings. */
async function contextOf(
  tx: Queryable,
  { by, id }: SendSessionEvent,
  event: SessionEvent,
): Promise<JsonObject> {
  if (event !== 'resume') return noteOf(by, event);
  const session = await lockSession(tx, id);
  return session === undefined ? {} : noteAnswers((await findDueAnswers(tx, session)).due);
}

/** A person's pause is noted as such. */
function noteOf(by: Principal, event: SessionEvent): JsonObject {
  return event === 'pause' && by.kind !== 'agent' ? { paused_by: by.actor } : {};
}

function refusal({ from_state }: Transition, event: SessionEvent): MeshError {
  const allowed = allowedSessionEvents(from_state);
  const may = allowed.length === 0 ? 'it takes no more events' : `it takes ${allowed.join(', ')}`;
  return new MeshError('invalid_transition', `The session is ${from_state} and cannot ${event}; ${may}.`, {
    details: { state: from_state, event, allowed },
  });
}

function endsOpenTask({ task, session }: LockedWork, event: SessionEvent): boolean {
  const ends = event === 'complete' || event === 'fail';
  return ends && task.finished_at === null && session?.status === 'active';
}

async function endBoth(
  deps: Deps,
  tx: Queryable,
  work: LockedWork,
  { by, id, reason }: SendSessionEvent,
  event: SessionEvent,
): Promise<Session> {
  const text = reason ?? `ended by ${by.actor}`;
  const end =
    event === 'complete'
      ? ({ status: 'completed', outcome: 'done', result: { text, data: {} } } as const)
      : ({ status: 'failed', reason: text } as const);
  await endTask(deps, tx, work, { ...end, actor: by.actor });
  return (await getSession(tx, id)) ?? raise(id);
}

/** While a session is paused, nobody works on its task: beside who works on it already, until that turn ends. */
async function followSession(
  tx: Queryable,
  { task }: LockedWork,
  { from_state, to_state }: Transition,
  event: SessionEvent,
): Promise<void> {
  if (task.finished_at !== null || task.lease_id !== null || from_state === to_state) return;
  if (event === 'pause') await holdTask(tx, task.id);
  if (event === 'resume') await offerTask(tx, task.id);
}

/** A person's pause of a session that waits already: the state stays, but an answer no longer resumes it. */
function notePersonsPause(tx: Queryable, { session }: Transition, by: Principal): Promise<Session> | Session {
  if (by.kind === 'agent' || holderOf(session) !== undefined) return session;
  return mergeMetadata(tx, session.id, { paused_by: by.actor });
}

function raise(id: string): never {
  throw notFound('session', id);
}
