import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { startController } from '../../src/controller/start.ts';
import type { Session } from '../../src/core/session.ts';
import { lifecycle } from '../../src/suite/lifecycle/lifecycle.ts';
import { runSuite } from '../../src/suite/run-suite.ts';
import type { SuiteSite } from '../../src/suite/site.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { type Lie, openLyingProxy } from './support/lying-proxy.ts';

let mesh: TestController;
beforeAll(async () => {
  mesh = await startTestController();
  await mesh.as('agent:finance').agents.register('finance', {
    instance: randomUUID(),
    status: 'ready',
  });
});
afterAll(() => mesh[Symbol.asyncDispose]());

interface Interference {
  readonly restart?: SuiteSite['restartController'];
  readonly signal?: AbortSignal;
}

/** Runs the suite on real controllers that are seen through a proxy which tells one lie. */
async function runWith(lie: Lie, { restart, signal = new AbortController().signal }: Interference = {}) {
  const others: { close(): Promise<void> }[] = [];
  let url = mesh.url;
  const startAnother = async (retentionDays: number) => {
    const config = { ...mesh.config, session_retention_days: retentionDays };
    const other = await startController(config, pino({ level: 'silent' }));
    others.push(other);
    url = `http://127.0.0.1:${other.port ?? 0}`;
    return url;
  };
  const proxy = await openLyingProxy(() => url, lie);
  const client = createClient({
    baseUrl: proxy.url,
    credentials: mesh.credentialsOf('user:alice'),
    retryForMs: 5000,
  });
  try {
    return await runSuite({
      suite: lifecycle,
      client,
      site: {
        restartController:
          restart ??
          (async () => ({ before: url, after: await startAnother(mesh.config.session_retention_days) })),
        retention: {
          shorten: async (days) => {
            await startAnother(days);
          },
        },
      },
      where: { mesh: 'test', engine: 'none', model: 'rehearsal' },
      signal,
      onChecks: () => undefined,
    });
  } finally {
    await client.close();
    for (const other of others) await other.close();
  }
}

test('every check passes on a mesh that does what it should, and nothing is left of it', async () => {
  const { passed, checks, events, left } = await runWith(() => undefined);
  expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
  expect(checks.length).toBeGreaterThanOrEqual(17);
  expect(new Set(checks.map((check) => check.case)).size).toBe(8);
  expect(passed).toBe(true);
  expect(left).toEqual([]);
  expect((await mesh.as('user:alice').sessions.list()).items).toEqual([]);
  expect(new Set(events.map(({ kind }) => kind))).toContain('session.expired');
});

test.each<{ what: string; lie: Lie; caught: string }>([
  {
    what: 'a new session is active',
    lie: sessions((session) => ({
      ...session,
      ...(session.status === 'pending' ? { status: 'active' } : {}),
    })),
    caught: 'create → pending',
  },
  {
    what: 'a pause is not carried out',
    lie: sessions((session) =>
      session.status === 'paused' ? { ...session, status: 'active', paused_at: null } : session,
    ),
    caught: 'pause → paused',
  },
  {
    what: 'a pause has no time',
    lie: sessions((session) => ({ ...session, paused_at: null })),
    caught: 'pause → paused',
  },
  {
    what: 'the time of a pause stays',
    lie: sessions((session) => ({ ...session, paused_at: session.version > 1 ? session.created_at : null })),
    caught: 'resume → active',
  },
  { what: 'a repeated activate counts', lie: countRepetitions(), caught: 'activate → active' },
  {
    what: 'an end has no time',
    lie: sessions((session) => ({ ...session, completed_at: null })),
    caught: 'complete → completed',
  },
  { what: 'something leaves completed', lie: takeIn('completed'), caught: 'complete → completed' },
  { what: 'something leaves failed', lie: takeIn('failed'), caught: 'complete → completed' },
  {
    what: 'histories are empty',
    lie: ({ path }) => (/\/transitions\b/.test(path) ? { body: { items: [], next: null } } : undefined),
    caught: 'activate → active',
  },
  {
    what: 'both of two ends hold',
    lie: takeIn('completed', 'failed'),
    caught: 'sessions of one role at once',
  },
  {
    what: 'what should expire does not',
    lie: sessions((session) => (session.status === 'expired' ? { ...session, status: 'active' } : session)),
    caught: 'time-out → expired',
  },
])('a mesh on which $what fails the suite', async ({ lie, caught }) => {
  const { passed, checks } = await runWith(lie);
  const failed = checks.filter(({ status }) => status === 'failed');
  expect(failed.map((check) => check.case)).toContain(caught);
  expect(failed.every(({ failure }) => failure !== null)).toBe(true);
  expect(passed).toBe(false);
});

test('a controller that was not killed fails the suite', async () => {
  const { passed, checks } = await runWith(() => undefined, {
    restart: () => Promise.resolve({ before: 'pid 1', after: 'pid 1' }),
  });
  expect(checks.filter(({ status }) => status === 'failed')).toMatchObject([
    { case: 'the controller is killed', name: 'Another process has taken its place' },
  ]);
  expect(passed).toBe(false);
});

test('a controller that has forgotten something when it comes back fails the suite', async () => {
  let isBack = false;
  const { passed, checks } = await runWith(
    sessions((session) =>
      isBack && session.status === 'paused' ? { ...session, paused_at: session.created_at } : session,
    ),
    {
      restart: () => {
        isBack = true;
        return Promise.resolve({ before: 'pid 1', after: 'pid 2' });
      },
    },
  );
  expect(checks.filter(({ status }) => status === 'failed')).toMatchObject([
    { case: 'the controller is killed', name: 'Every session is as it was' },
  ]);
  expect(passed).toBe(false);
});

test('a run that is interrupted fails, skips what is left and still removes its sessions', async () => {
  const stop = new AbortController();
  const { passed, checks, left } = await runWith(() => undefined, {
    signal: stop.signal,
    restart: () => {
      stop.abort();
      return new Promise(() => undefined);
    },
  });
  expect(checks.filter(({ status }) => status === 'failed')).toMatchObject([
    { case: 'the controller is killed', failure: { seen: 'it was interrupted' } },
  ]);
  expect(checks.at(-1)).toMatchObject({ status: 'skipped', reason: 'the run was interrupted' });
  expect(passed).toBe(false);
  expect(left).toEqual([]);
});

/** Lies about every session that is told of. */
function sessions(change: (session: Session) => object): Lie {
  return ({ path, body, status }) =>
    status === 200 && IS_SESSION.test(path) ? { body: change(body as Session) } : undefined;
}

/** Says that an event was taken which was refused since the session had ended. */
function takeIn(...states: readonly Session['status'][]): Lie {
  const last = new Map<string, Session>();
  return ({ path, body, status }) => {
    const [, id = ''] = /^\/sessions\/([^/]+)/.exec(path) ?? [];
    if (status === 200 && IS_SESSION.test(path)) last.set((body as Session).id, body as Session);
    const isRefused = status === 400 && states.includes((body as { state: Session['status'] }).state);
    return isRefused && last.has(id) ? { status: 200, body: last.get(id) } : undefined;
  };
}

/** Counts an `activate` that only repeats another one. */
function countRepetitions(): Lie {
  const times = new Map<string, number>();
  return ({ method, path, sent, body, status }) => {
    if (status !== 200 || !IS_SESSION.test(path)) return undefined;
    const session = body as Session;
    const before = times.get(session.id) ?? 0;
    const now = method === 'PUT' && sent['event'] === 'activate' ? before + 1 : before;
    times.set(session.id, now);
    return { body: { ...session, version: session.version + Math.max(0, now - 1) } };
  };
}

const IS_SESSION = /^\/sessions(\/[^/]+(\/events)?)?$/;
