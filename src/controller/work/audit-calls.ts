import { MeshError } from '../../core/errors.ts';
import type { GuardCall } from '../../core/guard.ts';
import type { Principal } from '../../core/identity.ts';
import { insertEvents, type NewEvent } from '../../store/events.ts';
import { listOrigins, type SessionOrigin } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';
import { hideForLog } from './data-rules.ts';

/**
 * Writes the calls that a guard reports to the log, where a repeated report changes nothing. A guard serves the agent
 * of its name, so it speaks of that agent and of its sessions alone; on whose behalf and in which trace they run is
 * taken from the sessions.
 *
 * @throws MeshError forbidden (a call of another agent, or in its session)
 */
export async function auditCalls(deps: Deps, by: Principal, calls: readonly GuardCall[]): Promise<void> {
  const sessions = await listOrigins(
    deps.db,
    calls.flatMap(({ session_id }) => session_id ?? []),
  );
  // A session that is gone was deleted since: its call is audited all the same, on nobody's behalf.
  const originOf = ({ session_id }: GuardCall) => sessions.get(session_id ?? '');
  for (const call of calls) requireOwn(by, call, originOf(call));
  await insertEvents(
    deps.db,
    calls.map((call) => toEvent(by, call, originOf(call))),
  );
}

function requireOwn(by: Principal, call: GuardCall, session: SessionOrigin | undefined): void {
  const isIts = session === undefined || session.agents.includes(by.name);
  if (call.agent === by.name && isIts) return;
  throw new MeshError('forbidden', `${by.actor} may report calls of agent:${by.name} alone.`);
}

function toEvent(by: Principal, call: GuardCall, session: SessionOrigin | undefined): NewEvent {
  const { id, session_id, ...facts } = call;
  return {
    kind: 'guard.called',
    actor: by.actor,
    subject: session_id === null ? `agent:${call.agent}` : `session:${session_id}`,
    owner: session?.owner ?? null,
    trace_id: session?.trace_id ?? null,
    data: { ...facts, model: hideForLog(facts.model) },
    dedupe_key: id,
  };
}
