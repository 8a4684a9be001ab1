import { type EventKind, type MeshEvent, SESSION_ENDS } from '../../core/event.ts';
import type { Principal } from '../../core/identity.ts';
import type { Session } from '../../core/session.ts';
import type { Task } from '../../core/task.ts';
import type { OwnedApproval } from '../../store/approvals/decide.ts';
import type { Deps } from '../deps.ts';
import { placesEver } from '../work/seats.ts';

/** People see what happens on their behalf, agents what they sent, received or hold, admins everything. */

export function seesSession(by: Principal, session: Session): boolean {
  if (by.kind === 'agent') return session.agent === by.name;
  return by.kind === 'admin' || session.owner === by.actor;
}

export function seesTask(by: Principal, task: Task): boolean {
  if (by.kind === 'agent') {
    const isAskedHere = task.source_session_id !== null && task.source_session_id === by.sessionId;
    return task.source === by.actor || isAskedHere || by.roles.includes(task.target);
  }
  return by.kind === 'admin' || task.owner === by.actor;
}

export function seesApproval(deps: Deps, by: Principal, approval: OwnedApproval): boolean {
  const places = placesEver(deps, by);
  const mayDecide = approval.asked.some((place) => places.includes(place));
  if (by.kind === 'agent') {
    const isAskedHere = approval.session_id !== null && approval.session_id === by.sessionId;
    return approval.requester === by.actor || isAskedHere || mayDecide;
  }
  return by.kind === 'admin' || approval.owner === by.actor || mayDecide;
}

/** An agent hears that its sessions have ended or were taken over, and nothing else of the log. */
export function seesEvent(by: Principal, { kind, owner, data }: MeshEvent): boolean {
  if (by.kind === 'agent') {
    return (
      (ENDS.has(kind) && data['agent'] === by.name) || (kind === 'session.moved' && data['from'] === by.name)
    );
  }
  // A guard hears which modes were set, to follow that of its role.
  if (by.kind === 'guard') return kind === 'guard.mode_set';
  return by.kind === 'admin' || owner === by.actor;
}

const ENDS: ReadonlySet<EventKind> = new Set(SESSION_ENDS);
