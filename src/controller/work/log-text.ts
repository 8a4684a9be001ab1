import type { JsonObject } from '../../core/json.ts';
import { truncate } from '../../core/text.ts';
import type { Deps } from '../deps.ts';
import { hideForLog, hideJsonForLog } from './data-rules.ts';

/**
 * Texts on their way into the log and into histories, neither of which ever changes. Personal data never gets there; of
 * roles that keep nothing after the end no text of a person, an agent or a model does.
 */

/** The log tells what happened; who wants the whole of a long text finds it in the task. */
const MAX_TEXT = 4000;

/** True if the log may hold what is said in the work of a role. */
export function logsTexts({ config }: Pick<Deps, 'config'>, role: string): boolean {
  const profile = config.profiles.find((candidate) => candidate.role === role);
  return profile?.policies.retention.content_days !== 0;
}

/** A reason that somebody gave in the work of a role. What the controller says itself is known to be harmless. */
export function reasonForLog(
  deps: Pick<Deps, 'config'>,
  role: string,
  { reason, actor }: { readonly reason: string; readonly actor: string },
): string {
  return actor === 'controller' || logsTexts(deps, role)
    ? hideForLog(reason)
    : `(${reason.length} characters, not kept)`;
}

/** What was said in the work of a role. */
export function saidForLog(deps: Pick<Deps, 'config'>, role: string, text: string): JsonObject {
  return logsTexts(deps, role) ? { text: truncate(hideForLog(text), MAX_TEXT) } : { characters: text.length };
}

/** Arguments of a tool that was called in the work of a role. */
export function argumentsForLog(deps: Pick<Deps, 'config'>, role: string, value: JsonObject): JsonObject {
  if (!logsTexts(deps, role)) return { omitted: 'not kept for this role' };
  const clean = hideJsonForLog(value);
  return JSON.stringify(clean).length <= MAX_TEXT ? clean : { omitted: 'longer than the log keeps' };
}
