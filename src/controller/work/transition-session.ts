import { MeshError } from '../../core/errors.ts';
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
import { listUntoldAnswers } from '../../store/questions.ts';
import { mergeMetadata } from '../../store/sessions/change.ts';
import { getSession } from '../../store/sessions/read.ts';
import { type Transition, transitionSession } from '../../store/sessions/transition.ts';
import { holdTask, offerTask } from '../../store/tasks/claim.ts';
import type { Deps } from '../deps.ts';
import { notFound } from '../http/routes.ts';
import { hideForLog } from './data-rules.ts';
import { endTask } from './end-task.ts';
import { type LockedWork, lockWork } from './lock.ts';
import { isHeldByPerson, noteAnswers } from './waiting.ts';

export interface SendSessionEvent {
  readonly by: Principal;
  readonly id: string;
  readonly event: string;
  readonly reason: string | undefined;
}

/**
 * Sends an event to a session on somebody's behalf. What it means for the session's task happens in the same
 * transaction: a person's pause holds the task, a resume offers it again, an end ends it by the same rules as
 * any other way of ending it.
 *
 * @throws MeshError unknown_event, invalid_transition, not_found, approval_required
 */
export async function sendSessionEvent(deps: Deps, request: SendSessionEvent): Promise<Session> {
  const event = requireEvent(request.event);
  const session = await getSession(deps.db, request.id);
  if (session === undefined) throw notFound('session', request.id);
  return deps.db.transaction(async (tx) => {
    const work = session.task_id === null ? undefined : await lockWork(tx, session.task_id);
    if (work !== undefined && endsOpenTask(work, event)) return endBoth(deps, tx, work, request, event);
    const transition = await transit(tx, request, event);
    if (work !== undefined && request.by.kind !== 'agent') await followPerson(tx, work, transition, event);
    return event === 'pause' ? notePersonsPause(tx, transition, request.by) : transition.session;
  });
}

function requireEvent(event: string): Exclude<SessionEvent, 'expire'> {
  const known = PUBLIC_SESSION_EVENTS.find((candidate) => candidate === event);
  if (known !== undefined) return known;
  const near = didYouMean(event, PUBLIC_SESSION_EVENTS);
  throw new MeshError(
    'unknown_event',
    `There is no session event ${JSON.stringify(event)}; known are ${PUBLIC_SESSION_EVENTS.join(', ')}.`,
    {
      hint: near === undefined ? undefined : `Did you mean ${near}?`,
      details: { event, allowed: PUBLIC_SESSION_EVENTS },
    },
  );
}

async function transit(tx: Queryable, request: SendSessionEvent, event: SessionEvent): Promise<Transition> {
  const { id, by, reason } = request;
  const metadata = await contextOf(tx, request, event);
  const clean = reason === undefined ? null : hideForLog(reason);
  const transition = await transitionSession(tx, { id, event, actor: by.actor, reason: clean, metadata });
  if (transition === undefined) throw notFound('session', id);
  if (transition.to_state === null) throw refusal(transition, event);
  return transition;
}

/** A person's pause is noted as such; a resume notes the answers that it brings. */
async function contextOf(
  tx: Queryable,
  { by, id }: SendSessionEvent,
  event: SessionEvent,
): Promise<JsonObject> {
  if (event === 'resume') return noteAnswers(await listUntoldAnswers(tx, id));
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

/** While a person holds a session, nobody works on its task. */
async function followPerson(
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
  if (by.kind === 'agent' || isHeldByPerson(session)) return session;
  return mergeMetadata(tx, session.id, { paused_by: by.actor });
}

function raise(id: string): never {
  throw notFound('session', id);
}
