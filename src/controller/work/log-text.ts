import type { JsonObject } from '../../core/json.ts';
import type { Task } from '../../core/task.ts';
import { truncate } from '../../core/text.ts';
import type { Deps } from '../deps.ts';
import { hideForLog, hideJsonForLog } from './data-rules.ts';

/**
 * Texts on their way into the log and into histories, neither of which ever changes. Personal data never gets there; of
 * roles that keep nothing after the end, and of privileged work, no text of a person, an agent or a model does.
 */

/** The log tells what happened; who wants the whole of a long text finds it in the task. */
const MAX_TEXT = 4000;

/** The work in which something is said: a session, or what stands for one. */
export interface LoggedWork {
  readonly role: string;
  readonly privileged: boolean;
}

/** True if the log may hold what is said in some work. */
export function logsTexts({ config }: Pick<Deps, 'config'>, { role, privileged }: LoggedWork): boolean {
  if (privileged) return false;
  const profile = config.profiles.find((candidate) => candidate.role === role);
  return profile?.policies.retention.content_days !== 0;
}

/** A reason that somebody gave in some work. What the controller says itself is known to be harmless. */
export function reasonForLog(
  deps: Pick<Deps, 'config'>,
  work: LoggedWork,
  { reason, actor }: { readonly reason: string; readonly actor: string },
): string {
  return actor === 'controller' || logsTexts(deps, work)
    ? hideForLog(reason)
    : `(${reason.length} characters, not kept)`;
}

/** What was said in some work. */
export function saidForLog(deps: Pick<Deps, 'config'>, work: LoggedWork, text: string): JsonObject {
  return logsTexts(deps, work) ? { text: truncate(hideForLog(text), MAX_TEXT) } : { characters: text.length };
}

/** Arguments of a tool that was called in some work. */
export function argumentsForLog(deps: Pick<Deps, 'config'>, work: LoggedWork, value: JsonObject): JsonObject {
  if (!logsTexts(deps, work)) return { omitted: `${JSON.stringify(value).length} characters, not kept` };
  const clean = hideJsonForLog(value);
  return JSON.stringify(clean).length <= MAX_TEXT ? clean : { omitted: 'longer than the log keeps' };
}

/** A task as the work that its events tell of. */
export const workOf = ({ target, privileged }: Task): LoggedWork => ({ role: target, privileged });
