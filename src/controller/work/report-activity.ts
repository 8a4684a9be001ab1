import type { ActivityEntry } from '../../core/agent.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Session } from '../../core/session.ts';
import { truncate } from '../../core/text.ts';
import { insertEvents, type NewEvent } from '../../store/events.ts';
import type { Deps } from '../deps.ts';
import { hideForLog, hideJsonForLog } from './data-rules.ts';

/** The log tells what happened; who wants the whole of a long text finds it in the task. */
const MAX_TEXT = 4000;

/** Writes what Goose said and did to the log, without personal data. A repeated report changes nothing. */
export async function reportActivity(
  deps: Deps,
  session: Session,
  actor: string,
  entries: readonly ActivityEntry[],
): Promise<void> {
  const events = entries.map(
    (entry): NewEvent => ({
      kind: `session.${entry.kind}`,
      actor,
      subject: `session:${session.id}`,
      owner: session.owner,
      trace_id: session.trace_id,
      data: { role: session.role, task_id: session.task_id, ...factsOf(entry) },
      dedupe_key: entry.id,
    }),
  );
  await insertEvents(deps.db, events);
}

function factsOf(entry: ActivityEntry): JsonObject {
  switch (entry.kind) {
    case 'said':
      return { text: truncate(hideForLog(entry.text), MAX_TEXT) };
    case 'tool_called':
      return { call_id: entry.call_id, tool: entry.tool, arguments: shorten(entry.arguments) };
    case 'tool_answered':
      return { call_id: entry.call_id, ok: entry.ok };
    case 'interrupted':
      return { reason: truncate(hideForLog(entry.reason), MAX_TEXT) };
  }
}

function shorten(value: unknown): JsonObject {
  const clean = isJsonObject(value) ? hideJsonForLog(value as JsonObject) : {};
  return JSON.stringify(clean).length <= MAX_TEXT ? clean : { omitted: 'longer than the log keeps' };
}
