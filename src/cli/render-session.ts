import type { Session, SessionTransition } from '../core/session.ts';
import { truncate } from '../core/text.ts';
import { showData, showTime } from './show.ts';
import { renderFields, renderTable } from './table.ts';

/** Longer reasons are told whole by `--json`. */
const MAX_REASON = 100;

/** A session as people read it: what is usual is left out. */
export function renderSession(session: Session): string {
  return renderFields({
    id: session.id,
    role: session.role,
    status: session.status,
    owner: session.owner,
    agent: session.agent,
    'earlier agents': session.earlier_agents.length === 0 ? undefined : session.earlier_agents.join(', '),
    task: session.task_id,
    conversation: session.conversation,
    privileged: session.privileged ? 'yes' : undefined,
    trace: session.trace_id,
    created: showTime(session.created_at),
    moved: showTime(session.last_transition_at),
    erased: showTime(session.erased_at),
    lifecycle: showData(session.fsm_metadata),
    metadata: showData(session.metadata),
  });
}

export function renderSessions(sessions: readonly Session[]): string {
  return renderTable(sessions, [
    { title: 'ID', value: ({ id }) => id },
    { title: 'ROLE', value: ({ role }) => role },
    { title: 'STATUS', value: ({ status }) => status },
    { title: 'AGENT', value: ({ agent }) => agent },
    { title: 'TASK', value: ({ task_id }) => task_id },
    { title: 'MOVED', value: ({ last_transition_at }) => showTime(last_transition_at) },
  ]);
}

export function renderTransitions(transitions: readonly SessionTransition[]): string {
  if (transitions.length === 0) return 'No transition yet.';
  return renderTable(transitions, [
    { title: 'AT', value: ({ at }) => showTime(at) },
    { title: 'EVENT', value: ({ event }) => event },
    { title: 'FROM', value: ({ from_state }) => from_state },
    { title: 'TO', value: ({ to_state }) => to_state },
    { title: 'ACTOR', value: ({ actor }) => actor },
    { title: 'REASON', value: ({ reason }) => truncate(reason ?? '', MAX_REASON) },
  ]);
}
