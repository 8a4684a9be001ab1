import { MeshError } from '../../core/errors.ts';
import type { GuardCall } from '../../core/guard.ts';
import type { Principal } from '../../core/identity.ts';
import { costOf } from '../../core/prices.ts';
import { insertEvents, type NewEvent } from '../../store/events.ts';
import { type EndedCall, endCalls } from '../../store/guard/calls.ts';
import { listOrigins, type SessionOrigin } from '../../store/sessions/read.ts';
import type { Deps } from '../deps.ts';
import { hideForLog } from './data-rules.ts';

/**
 * Keeps the calls that a guard reports, as rows and in the log, where a repeated report changes nothing. A guard serves
 * the agent of its name, so it speaks of that agent and of its sessions alone; on whose behalf, for which task and in
 * which trace they run is taken from the sessions.
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
  for (const call of calls) requireOwnCall(by, call, originOf(call));
  const role = roleOfGuard(deps, by);
  const ended = calls.map((call): EndedCall => {
    const model = hideForLog(call.model);
    const refused = call.refused === null ? null : hideForLog(call.refused);
    const task_id = originOf(call)?.task_id ?? null;
    return { ...call, model, refused, role, task_id, cost: costOf(deps.config.prices, call.model, call) };
  });
  await deps.db.transaction(async (tx) => {
    await endCalls(tx, ended);
    await insertEvents(
      tx,
      ended.map((call) => toEvent(by, call, originOf(call))),
    );
  });
}

/** Throws MeshError forbidden unless a call is of the guard's own agent, and its session is or was of it. */
export function requireOwnCall(
  by: Principal,
  call: Pick<GuardCall, 'agent'>,
  session: SessionOrigin | undefined,
): void {
  const isIts = session === undefined || session.agents.includes(by.name);
  if (call.agent === by.name && isIts) return;
  throw new MeshError('forbidden', `${by.actor} may report calls of agent:${by.name} alone.`);
}

/** The role of the agent that a guard serves. */
export function roleOfGuard({ config }: Deps, by: Principal): string {
  const agent = config.clients.find(({ kind, name }) => kind === 'agent' && name === by.name);
  const [role] = agent?.roles ?? [];
  if (role !== undefined) return role;
  throw new MeshError('forbidden', `The mesh has no agent ${by.name} that ${by.actor} could serve.`);
}

function toEvent(by: Principal, call: EndedCall, session: SessionOrigin | undefined): NewEvent {
  const { id, session_id, ...facts } = call;
  return {
    kind: 'guard.called',
    actor: by.actor,
    subject: session_id === null ? `agent:${call.agent}` : `session:${session_id}`,
    owner: session?.owner ?? null,
    trace_id: session?.trace_id ?? null,
    data: facts,
    dedupe_key: id,
  };
}
