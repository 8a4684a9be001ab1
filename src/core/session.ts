import { z } from 'zod';
import { JsonObject, Timestamp } from './json.ts';

export const SESSION_STATES = ['pending', 'active', 'paused', 'completed', 'failed', 'expired'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** Those that a session can still leave. */
export const LIVING_STATES = ['pending', 'active', 'paused'] as const satisfies readonly SessionState[];
export type LivingState = (typeof LIVING_STATES)[number];

/** `expire` belongs to time-outs alone: it is never accepted over HTTP. */
export const SESSION_EVENTS = ['activate', 'pause', 'resume', 'complete', 'fail', 'expire'] as const;
export type SessionEvent = (typeof SESSION_EVENTS)[number];

export const PUBLIC_SESSION_EVENTS = ['activate', 'pause', 'resume', 'complete', 'fail'] as const;

/** The whole state machine. `session_next_state` in migrations/0002_sessions.sql is its twin; a test compares them. */
export const SESSION_TRANSITIONS = {
  pending: { activate: 'active', expire: 'expired' },
  active: { pause: 'paused', complete: 'completed', fail: 'failed', expire: 'expired' },
  paused: { resume: 'active', expire: 'expired' },
  completed: {},
  failed: {},
  expired: {},
} as const satisfies Record<SessionState, Partial<Record<SessionEvent, SessionState>>>;

const LEADS_TO: Readonly<Record<SessionEvent, SessionState>> = {
  activate: 'active',
  pause: 'paused',
  resume: 'active',
  complete: 'completed',
  fail: 'failed',
  expire: 'expired',
};

/**
 * The state after an event: another one (a move), the same one (a repeated event, which changes nothing), or
 * undefined where the event is refused. Terminal states refuse every event.
 */
export function nextSessionState(state: SessionState, event: SessionEvent): SessionState | undefined {
  const moves: Partial<Record<SessionEvent, SessionState>> = SESSION_TRANSITIONS[state];
  const repeated = !isTerminal(state) && LEADS_TO[event] === state ? state : undefined;
  return moves[event] ?? repeated;
}

export function isTerminal(state: SessionState): boolean {
  return Object.keys(SESSION_TRANSITIONS[state]).length === 0;
}

/** The events that a caller may send in a state, no-ops included. */
export function allowedSessionEvents(state: SessionState): readonly SessionEvent[] {
  return PUBLIC_SESSION_EVENTS.filter((event) => nextSessionState(state, event) !== undefined);
}

export const SessionId = z.uuid().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const Session = z.object({
  id: SessionId,
  role: z.string(),
  agent: z.string().nullable().describe('Name of the agent that holds the conversation'),
  earlier_agents: z.array(z.string()).describe('Agents that held it before and are gone, in their order'),
  owner: z.string().describe('The actor on whose behalf the session runs, such as user:alice'),
  task_id: z.uuid().nullable(),
  conversation: z.string().nullable().describe("Goose's own session id, unique only within one agent"),
  status: z.enum(SESSION_STATES),
  version: z.int().describe('Number of transitions so far'),
  revision: z.int().describe('Number of changes so far, of whatever kind; the ETag'),
  fsm_metadata: JsonObject.describe(
    'waiting_on: open questions; answered: what it was resumed with; paused_by: the person who paused; held_back: a result came during that pause; taken_over: its agent has still to be told what came before',
  ),
  metadata: JsonObject.describe('What people keep with the session; PATCH changes it'),
  privileged: z.boolean().describe('Whether its task is privileged'),
  trace_id: z.string(),
  created_at: Timestamp,
  last_transition_at: Timestamp,
  paused_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  failed_at: Timestamp.nullable(),
  erased_at: Timestamp.nullable().describe('When its content was erased, as the profile of its role says'),
});
export type Session = z.infer<typeof Session>;

export const SessionTransition = z.object({
  session_id: SessionId,
  version: z.int(),
  from_state: z.enum(SESSION_STATES),
  event: z.enum(SESSION_EVENTS),
  to_state: z.enum(SESSION_STATES),
  actor: z.string(),
  reason: z.string().nullable(),
  at: Timestamp,
});
export type SessionTransition = z.infer<typeof SessionTransition>;

export const SessionEventRequest = z.strictObject({
  event: z.string().describe(`One of ${PUBLIC_SESSION_EVENTS.join(', ')}`),
  reason: z.string().max(2000).optional(),
});

export const NewSession = z.strictObject({
  role: z.string().min(1).max(64),
  metadata: JsonObject.optional().describe('Kept with it; at most 64 KiB'),
});
export type NewSession = z.infer<typeof NewSession>;

/** A JSON merge patch (RFC 7396) of a session, of which people may change nothing else. */
export const SessionPatch = z.strictObject(
  { metadata: JsonObject.nullable().optional().describe('Merged into it; null empties it') },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `a patch changes the metadata of a session alone, not ${issue.keys.join(', ')}; PUT /sessions/{id}/events moves it through its states`
        : undefined,
  },
);
export type SessionPatch = z.infer<typeof SessionPatch>;
