import { z } from 'zod';
import { JsonObject, Timestamp } from './json.ts';

/** Every kind of event, `noun.verb`. The log, the scenarios, the UI and the docs use these words. */
export const EVENT_KINDS = [
  'session.created',
  'session.activated',
  'session.paused',
  'session.resumed',
  'session.completed',
  'session.failed',
  'session.expired',
  'session.deleted',
  'session.edited',
  'session.erased',
  'session.conversed',
  'session.moved',
  'session.said',
  'session.tool_called',
  'session.tool_answered',
  'session.interrupted',
  'task.routed',
  'task.edited',
  'task.refused',
  'task.claimed',
  'task.released',
  'task.completion_refused',
  'task.completed',
  'task.failed',
  'task.cancelled',
  'task.erased',
  'approval.requested',
  'approval.decided',
  'approval.advanced',
  'approval.escalated',
  'approval.refused',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'approval.withdrawn',
  'approval.used',
  'approval.erased',
  'policy.applied',
  'notification.sent',
  'notification.erased',
  'agent.ready',
  'agent.refused',
  'agent.stopped',
  'agent.gone',
  'guard.called',
  'guard.mode_set',
  'log.pruned',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** After these nothing more happens in a session. */
export const SESSION_ENDS = [
  'session.completed',
  'session.failed',
  'session.expired',
  'session.deleted',
] as const satisfies readonly EventKind[];

export const MeshEvent = z.object({
  seq: z.int().describe('Position in the log; the id of the server-sent event'),
  at: Timestamp,
  kind: z.enum(EVENT_KINDS),
  actor: z.string().describe('Who did it: user:alice, agent:finance, guard:finance, controller'),
  subject: z
    .string()
    .describe(
      'What it happened to: session:<id>, task:<id>, approval:<id>, agent:<name>, role:<name>, policy',
    ),
  owner: z.string().nullable().describe('The actor on whose behalf it happened'),
  trace_id: z.string().nullable().describe('W3C trace id shared by everything that one request caused'),
  data: JsonObject.describe('Facts, never the content of texts'),
});
export type MeshEvent = z.infer<typeof MeshEvent>;

export const EventFilter = z.object({
  kind: z.string().optional().describe('Comma-separated kinds or nouns: task.routed,approval'),
  subject: z.string().optional(),
  trace_id: z.string().optional(),
});
export type EventFilter = z.infer<typeof EventFilter>;

/** The filter, made once for all the events that it is asked about: true for those that pass. */
export function compileFilter(filter: EventFilter): (event: MeshEvent) => boolean {
  const { subject, trace_id: traceId } = filter;
  const wanted = kindsOf(filter);
  const kinds = wanted && new Set(wanted);
  return (event) =>
    (subject === undefined || event.subject === subject) &&
    (traceId === undefined || event.trace_id === traceId) &&
    (kinds === undefined || kinds.has(event.kind));
}

/** The kinds that a filter lets pass; undefined: all. */
export function kindsOf({ kind: wanted }: EventFilter): readonly EventKind[] | undefined {
  return wanted === undefined ? undefined : EVENT_KINDS.filter((kind) => isOfKind(kind, wanted));
}

/** A noun stands for all its kinds. */
function isOfKind(kind: EventKind, wanted: string): boolean {
  const noun = kind.slice(0, kind.indexOf('.'));
  return wanted.split(',').some((candidate) => candidate === kind || candidate === noun);
}

/** Response header of the event stream: the event after which it starts, to resume from before the first one. */
export const STARTS_AFTER_HEADER = 'goose-mesh-starts-after';

/** The last message of a stream whose reader fell too far behind: why, and after which event to resume. */
export const DROPPED = 'dropped';
export const Dropped = z.object({ reason: z.string(), resume_after: z.int() });
export type Dropped = z.infer<typeof Dropped>;
