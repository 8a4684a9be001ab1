import type { ActivityEntry } from '../../core/agent.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Session } from '../../core/session.ts';
import { insertEvents, type NewEvent } from '../../store/events.ts';
import type { Deps } from '../deps.ts';
import { argumentsForLog, type LoggedWork, reasonForLog, saidForLog } from './log-text.ts';

/**
 * Writes what Goose said and did to the log, without personal data, and of some roles without any text. A repeated
 * report changes nothing, nor does one of an agent that has lost its lease: that happened, the log is the place that must
 * know it, and all else refuses it.
 */
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
      data: {
        role: session.role,
        task_id: session.task_id,
        ...(session.privileged ? { privileged: true } : {}),
        ...factsOf(deps, session, actor, entry),
      },
      dedupe_key: entry.id,
    }),
  );
  await insertEvents(deps.db, events);
}

function factsOf(deps: Deps, work: LoggedWork, actor: string, entry: ActivityEntry): JsonObject {
  switch (entry.kind) {
    case 'said':
      return saidForLog(deps, work, entry.text);
    case 'tool_called': {
      const given = isJsonObject(entry.arguments) ? (entry.arguments as JsonObject) : {};
      return { call_id: entry.call_id, tool: entry.tool, arguments: argumentsForLog(deps, work, given) };
    }
    case 'tool_answered':
      return { call_id: entry.call_id, ok: entry.ok };
    case 'interrupted':
      return { reason: reasonForLog(deps, work, { reason: entry.reason, actor }) };
  }
}
