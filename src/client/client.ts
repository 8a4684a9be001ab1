import { z } from 'zod';
import { type ActivityEntry, Agent, type RegisterAgent } from '../core/agent.ts';
import { Approval, type DecideApproval } from '../core/approval.ts';
import { MeshError } from '../core/errors.ts';
import { AuditedCall, type CallPermit, type GuardCall } from '../core/guard.ts';
import type { JsonObject } from '../core/json.ts';
import { MigrationStatus } from '../core/migration.ts';
import { LARGEST_PAGE, type Page, pageOf } from '../core/page.ts';
import { PolicyVersion } from '../core/policy/version.ts';
import { type PrivacyMode, RoleMode } from '../core/privacy.ts';
import { Profile } from '../core/profile.ts';
import { AuditEvent, EventSeal } from '../core/seal.ts';
import { type NewSession, type PUBLIC_SESSION_EVENTS, Session, SessionTransition } from '../core/session.ts';
import {
  Claim,
  type NewTask,
  Task,
  TaskHistory,
  type TaskOutcome,
  type TaskPatch,
  type TurnReport,
  TurnVerdict,
} from '../core/task.ts';
import { toTraceparent } from '../core/trace.ts';
import { type EventStreamOptions, streamEvents } from './events.ts';
import { type Call, createTransport, type TransportOptions } from './transport.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

/** How much longer than the server's own wait a long poll may take before it counts as broken. */
const LONG_POLL_SLACK_MS = 15_000;

export type Client = ReturnType<typeof createClient>;

/** A typed client of the controller. Every method throws MeshError; close() ends its connections. */
export function createClient(options: TransportOptions) {
  const transport = createTransport(options);

  async function ask<T>(schema: z.ZodType<T>, call: Call): Promise<T> {
    return schema.parse(await transport.call(call));
  }

  /** All pages of a list. */
  async function askAll<T extends z.ZodType>(item: T, path: Call['path']): Promise<readonly z.infer<T>[]> {
    const items: z.infer<T>[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: LARGEST_PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const page: Page<z.infer<T>> = await ask(pageOf(item), { method: 'GET', path, query });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  return {
    token: () => transport.token(),
    close: () => transport.close(),

    sessions: {
      create: (session: NewSession) => ask(Session, { method: 'POST', path: '/sessions', body: session }),
      get: (id: string) => ask(Session, { method: 'GET', path: at`/sessions/${id}` }),
      list: (query: Query = {}): Promise<Page<Session>> =>
        ask(pageOf(Session), { method: 'GET', path: '/sessions', query }),
      delete: (id: string) =>
        transport.call({ method: 'DELETE', path: at`/sessions/${id}`, repeatable: false }),
      /** Its whole history. */
      transitions: (id: string) => askAll(SessionTransition, at`/sessions/${id}/transitions`),
      send: (
        id: string,
        event: (typeof PUBLIC_SESSION_EVENTS)[number] | (string & {}),
        reason?: string,
        { ifRevision }: IfRevision = {},
      ) =>
        ask(Session, {
          method: 'PUT',
          path: at`/sessions/${id}/events`,
          body: { event, ...(reason === undefined ? {} : { reason }) },
          headers: ifMatch(ifRevision),
          // An ended session refuses every event, and one that has changed every revision before: a repetition would
          // report a failure of what has happened.
          repeatable: event !== 'complete' && event !== 'fail' && ifRevision === undefined,
        }),
      /** Merges into the metadata (RFC 7396); null takes a member away. */
      mergeMetadata: (id: string, metadata: JsonObject, { ifRevision }: IfRevision = {}) =>
        ask(Session, {
          method: 'PATCH',
          path: at`/sessions/${id}`,
          body: { metadata },
          headers: { 'content-type': 'application/merge-patch+json', ...ifMatch(ifRevision) },
          repeatable: ifRevision === undefined,
        }),
      setConversation: (id: string, conversation: string) =>
        ask(Session, { method: 'PUT', path: at`/sessions/${id}/conversation`, body: { conversation } }),
      report: (id: string, entries: readonly ActivityEntry[]) =>
        transport.call({
          method: 'POST',
          path: at`/sessions/${id}/activity`,
          body: { entries },
          repeatable: true,
        }),
    },

    tasks: {
      route: (task: z.input<typeof NewTask>, send: { idempotencyKey?: string; traceId?: string } = {}) =>
        ask(Task, {
          method: 'POST',
          path: '/tasks/route',
          body: task,
          repeatable: send.idempotencyKey !== undefined,
          headers: {
            ...(send.idempotencyKey === undefined ? {} : { 'idempotency-key': send.idempotencyKey }),
            ...(send.traceId === undefined ? {} : { traceparent: toTraceparent(send.traceId) }),
          },
        }),
      get: (id: string) => ask(Task, { method: 'GET', path: at`/tasks/${id}` }),
      list: (query: Query = {}): Promise<Page<Task>> =>
        ask(pageOf(Task), { method: 'GET', path: '/tasks', query }),
      /** Its attempts, and what it waits for. */
      history: (id: string) => ask(TaskHistory, { method: 'GET', path: at`/tasks/${id}/attempts` }),
      /** A merge patch (RFC 7396): null takes a deadline or a parent away. */
      edit: (id: string, patch: TaskPatch) =>
        ask(Task, {
          method: 'PATCH',
          path: at`/tasks/${id}`,
          body: patch,
          headers: { 'content-type': 'application/merge-patch+json' },
        }),
      retry: (id: string, { idempotencyKey }: { idempotencyKey?: string | undefined } = {}) =>
        ask(Task, {
          method: 'POST',
          path: at`/tasks/${id}/retry`,
          repeatable: idempotencyKey !== undefined,
          headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
        }),
      cancel: (id: string, reason: string) =>
        ask(Task, { method: 'POST', path: at`/tasks/${id}/cancel`, body: { reason }, repeatable: true }),
      /** Waits for work; undefined when none came within `waitMs`. */
      claim: (claimId: string, waitMs: number, signal?: AbortSignal) =>
        ask(Claim.optional(), {
          method: 'POST',
          path: '/tasks/claim',
          body: { claim_id: claimId, wait_ms: waitMs },
          repeatable: true,
          timeoutMs: waitMs + LONG_POLL_SLACK_MS,
          signal,
        }),
      /** Keeps a lease for another while; throws `lease_lost` or `task_closed` as soon as it is so within `waitMs`. */
      heartbeat: (id: string, leaseId: string, { waitMs = 0, signal }: Beat = {}) =>
        ask(Task, {
          method: 'POST',
          path: at`/tasks/${id}/heartbeat`,
          body: { lease_id: leaseId, wait_ms: waitMs },
          repeatable: true,
          // Shorter than the lease of which it is a third: a beat that gets lost is repeated in time.
          timeoutMs: waitMs === 0 ? undefined : waitMs * 1.5,
          signal,
        }),
      complete: (id: string, leaseId: string, result: { outcome?: TaskOutcome; text: string }) =>
        ask(Task, {
          method: 'POST',
          path: at`/tasks/${id}/complete`,
          body: { lease_id: leaseId, ...result },
          repeatable: true,
        }),
      fail: (id: string, leaseId: string, failure: { reason: string; retryable: boolean }) =>
        ask(Task, {
          method: 'POST',
          path: at`/tasks/${id}/fail`,
          body: { lease_id: leaseId, ...failure },
          repeatable: true,
        }),
      reportTurn: (id: string, report: TurnReport) =>
        ask(TurnVerdict, { method: 'POST', path: at`/tasks/${id}/turn`, body: report, repeatable: true }),
    },

    approvals: {
      get: (id: string) => ask(Approval, { method: 'GET', path: at`/approvals/${id}` }),
      list: (query: Query = {}): Promise<Page<Approval>> =>
        ask(pageOf(Approval), { method: 'GET', path: '/approvals', query }),
      decide: (id: string, decision: DecideApproval) =>
        ask(Approval, {
          method: 'POST',
          path: at`/approvals/${id}/decisions`,
          body: decision,
          repeatable: true,
        }),
    },

    policies: {
      current: () => ask(PolicyVersion, { method: 'GET', path: '/policies/current' }),
      get: (digest: string) => ask(PolicyVersion, { method: 'GET', path: at`/policies/${digest}` }),
    },

    agents: {
      /** All of them. */
      list: () => askAll(Agent, '/agents'),
      register: (name: string, agent: RegisterAgent, signal?: AbortSignal) =>
        ask(Agent, { method: 'PUT', path: at`/agents/${name}`, body: agent, signal }),
      /** Declares it gone for good. */
      retire: (name: string) =>
        ask(Agent, { method: 'POST', path: at`/agents/${name}/retire`, repeatable: true }),
    },

    profiles: {
      get: (role: string) => ask(Profile, { method: 'GET', path: at`/profiles/${role}` }),
    },

    guard: {
      report: (calls: readonly GuardCall[]) =>
        transport.call({ method: 'POST', path: '/guard/calls', body: { calls }, repeatable: true }),
      /** Throws `budget_exceeded` if a call may not be sent. */
      permit: (call: CallPermit) =>
        transport.call({ method: 'POST', path: '/guard/permits', body: call, repeatable: true }),
      calls: (query: Query = {}): Promise<Page<AuditedCall>> =>
        ask(pageOf(AuditedCall), { method: 'GET', path: '/guard/calls', query }),
      modes: () => ask(z.array(RoleMode), { method: 'GET', path: '/guard/modes' }),
      /** Null: what the profile of the role says. */
      setMode: (role: string, mode: PrivacyMode | null) =>
        ask(RoleMode, { method: 'PUT', path: at`/guard/modes/${role}`, body: { mode } }),
    },

    /** The public keys of the mesh. */
    keys: () =>
      ask(z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }), {
        method: 'GET',
        path: '/.well-known/jwks.json',
      }),

    migrations: {
      status: () => ask(z.array(MigrationStatus), { method: 'GET', path: '/migrations' }),
      apply: () => ask(z.array(MigrationStatus), { method: 'POST', path: '/migrations', repeatable: true }),
    },

    audit: {
      seals: (query: Query) => ask(z.array(EventSeal), { method: 'GET', path: '/audit/seals', query }),
      events: (query: Query) => ask(z.array(AuditEvent), { method: 'GET', path: '/audit/events', query }),
    },

    /** Events as they happen, resumed after every interruption until `signal` aborts. */
    events: (stream: EventStreamOptions) => streamEvents(transport, stream),
  };
}

interface Beat {
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** Refuse with `conflict` if the session is not at this revision any more. */
interface IfRevision {
  readonly ifRevision?: number;
}

function ifMatch(revision: number | undefined): Record<string, string> {
  return revision === undefined ? {} : { 'if-match': `"${revision}"` };
}

/** A path whose values stay what they are: none becomes a segment or a query of its own. */
function at(strings: TemplateStringsArray, ...values: readonly string[]): string {
  // URLs have no way to write these two (https://url.spec.whatwg.org/#double-dot-path-segment).
  const dots = values.find((value) => value === '.' || value === '..');
  if (dots !== undefined)
    throw new MeshError('invalid_request', `Expected an id or a name, found "${dots}".`);
  return String.raw({ raw: strings }, ...values.map(encodeURIComponent));
}
