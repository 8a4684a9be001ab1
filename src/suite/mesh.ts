import type { Client } from '../client/client.ts';
import { type ErrorCode, isMeshError } from '../core/errors.ts';
import type { EventKind } from '../core/event.ts';
import type { Session, SessionEvent } from '../core/session.ts';
import { expectEvent } from '../scenario/expect/expect-event.ts';
import { expectHistory, expectRecord } from '../scenario/expect/expect-record.ts';
import type { Observer } from '../scenario/expect/observe.ts';
import { UnmetError } from '../scenario/expect/unmet-error.ts';
import type { Conditions } from '../scenario/schema.ts';
import type { SuiteSite } from './site.ts';

export interface SuiteMeshOptions {
  readonly client: Client;
  readonly observer: Observer;
  readonly site: SuiteSite;
  /** The role whose sessions are made. */
  readonly role: string;
  /** By which people know what the suite makes. */
  readonly label: { readonly suite: string; readonly run: string };
}

/** How long an event may take to arrive. */
const WITHIN_MS = 30_000;

export type SuiteMesh = ReturnType<typeof openSuiteMesh>;

/** A mesh as cases see it: sessions of their own, and what HTTP and the event log say of them. */
export function openSuiteMesh({ client, observer, site, role, label }: SuiteMeshOptions) {
  const own = new Set<string>();
  const context = { client, observer, rehearsal: undefined, rootTaskId: '', values: {} };

  async function create(): Promise<Session> {
    const session = await client.sessions.create({ role, metadata: label });
    own.add(session.id);
    return session;
  }

  function send(id: string, event: SessionEvent): Promise<Session> {
    return client.sessions.send(id, event, `suite ${label.suite}, run ${label.run}`);
  }

  function expectSession(id: string, has: Conditions): Promise<void> {
    return expectRecord(context, { record: 'session', id, has: toMutable(has) });
  }

  return {
    site,
    role,
    /** The sessions that were made here. */
    own: own as ReadonlySet<string>,
    create,
    send,
    expectSession,

    /** Creates a session and sends it events; gives it as it then is. */
    async createBy(...events: readonly SessionEvent[]): Promise<Session> {
      let session = await create();
      for (const event of events) session = await send(session.id, event);
      return session;
    },

    /** Everything of the lifecycle is as it was, the times included. */
    expectUnchanged({ id, ...was }: Session): Promise<void> {
      const { status, version, last_transition_at, paused_at, completed_at, failed_at } = was;
      return expectSession(id, { status, version, last_transition_at, paused_at, completed_at, failed_at });
    },

    /** The events of its history, oldest first. */
    expectHistory(id: string, ...events: readonly SessionEvent[]): Promise<void> {
      return expectHistory(context, { history: id, events: [...events] });
    },

    /** The log tells of it, at once or soon. */
    expectEvent(id: string, event: EventKind, where: Conditions = {}): Promise<void> {
      const wanted = { ...toMutable(where), subject: `session:${id}` };
      return expectEvent(context, { event, where: wanted }, WITHIN_MS);
    },

    async expectRefusal(
      id: string,
      event: SessionEvent,
      code: ErrorCode = 'invalid_transition',
    ): Promise<void> {
      const expected = `${event} on session ${id} to be refused with ${code}`;
      const seen = await send(id, event).then(
        ({ status }) => `it was taken, and the session is ${status}`,
        (error: unknown) => {
          if (!isMeshError(error)) throw error;
          return error.code === code ? undefined : `${error.code}: ${error.message}`;
        },
      );
      if (seen !== undefined) throw new UnmetError({ expected, seen });
    },

    /** Removes the sessions that were made here, and gives those that are left. */
    async removeSessions(): Promise<readonly string[]> {
      const left = await Promise.all([...own].map(async (id) => ((await remove(id)) ? [] : [id])));
      return left.flat();
    },
  };

  async function remove(id: string): Promise<boolean> {
    try {
      const { status } = await client.sessions.get(id);
      // Only what neither works nor waits can be deleted. Whatever these cannot end may have expired meanwhile.
      if (status === 'paused') await send(id, 'resume').catch(() => undefined);
      if (status === 'paused' || status === 'active') await send(id, 'complete').catch(() => undefined);
      await client.sessions.delete(id);
      return true;
    } catch (error) {
      return isMeshError(error) && error.code === 'not_found';
    }
  }
}

type MutableConditions = Parameters<typeof expectRecord>[1]['has'];

function toMutable(conditions: Conditions): MutableConditions {
  return { ...conditions } as MutableConditions;
}
