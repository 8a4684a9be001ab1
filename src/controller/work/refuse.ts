import { isMeshError, type MeshError } from '../../core/errors.ts';
import type { EventKind } from '../../core/event.ts';
import type { Principal } from '../../core/identity.ts';
import { insertEvents } from '../../store/events.ts';
import { getSession } from '../../store/sessions/read.ts';
import { getTask } from '../../store/tasks/read.ts';
import type { Deps } from '../deps.ts';
import { hideForLog } from './data-rules.ts';
import { type LoggedWork, logsTexts, reasonForLog, workOf } from './log-text.ts';

/** Something that the rules may refuse, as the log shall tell it. */
export interface Attempt {
  readonly kind: EventKind;
  readonly by: Principal;
  readonly subject: string;
  /** The task that it is about; without one, it is about that of the caller's session. */
  readonly taskId?: string;
}

/**
 * Runs an operation; if the rules refuse it, leaves an event outside its rolled-back transaction and throws on.
 * Attempts to get round the rules are thus in the log, not only in somebody's terminal.
 */
export async function recordRefusal<T>(deps: Deps, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isMeshError(error) && REFUSALS.has(error.code)) await noteRefusal(deps, attempt, error);
    throw error;
  }
}

const REFUSALS = new Set([
  'forbidden',
  'not_found',
  'unknown_role',
  'approval_required',
  'approval_closed',
  'invalid_result',
  // Such as an approval asked for another amount than the task's.
  'invalid_request',
]);

/** Leaves the event of a refusal, to be seen by whoever the refused work is for. */
export async function noteRefusal(deps: Deps, attempt: Attempt, error: MeshError): Promise<void> {
  const { kind, by, subject } = attempt;
  const { owner, trace_id, ...work } = await findOrigin(deps, attempt);
  const { actor } = by;
  // It quotes what was asked for, such as the name of a role that is not there.
  const reason = reasonForLog(deps, work, { reason: error.message, actor });
  const about = logsTexts(deps, work) ? hideForLog(subject) : withoutText(deps, subject);
  const data = { code: error.code, reason, ...(work.privileged ? { privileged: true } : {}) };
  await insertEvents(deps.db, [{ kind, actor, subject: about, owner, trace_id, data }]);
}

/** The work in which it was tried; without a role outside of any work. */
interface Origin extends LoggedWork {
  readonly owner: string;
  readonly trace_id: string | null;
}

async function findOrigin(deps: Deps, { by, taskId }: Attempt): Promise<Origin> {
  const task = taskId === undefined ? undefined : await getTask(deps.db, taskId);
  if (task !== undefined) {
    const worker = task.session_id === null ? undefined : await getSession(deps.db, task.session_id);
    const privileged = task.privileged || worker?.privileged === true;
    return { ...workOf(task), privileged, owner: task.owner, trace_id: task.trace_id };
  }
  const session =
    taskId !== undefined || by.sessionId === undefined ? undefined : await getSession(deps.db, by.sessionId);
  if (session !== undefined) return session;
  const role = by.kind === 'agent' ? (by.roles[0] ?? '') : '';
  return { role, privileged: false, owner: by.actor, trace_id: null };
}

/** Of what can be refused only the name of a role is made up by whoever asks. */
function withoutText({ config }: Deps, subject: string): string {
  const isMadeUp =
    subject.startsWith('role:') && !config.profiles.some(({ role }) => subject === `role:${role}`);
  return isMadeUp ? 'role:?' : subject;
}
