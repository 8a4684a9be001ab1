import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from '../../src/core/page.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { startReview, startWork, type Work } from './support/work.ts';

let mesh: TestController;
let reader: Work;
let raw: pg.Pool;
beforeAll(async () => {
  mesh = await startTestController();
  raw = new pg.Pool({ connectionString: mesh.databaseUrl, max: 4 });
  raw.on('error', () => undefined);
  await startReview(mesh);
  await (await startWork(mesh)).tools.call('notify', { role: 'manager', text: 'Hello.' });
  reader = await startWork(mesh, { target: 'manager', description: 'What is there?' });
  await mesh.as('user:alice').sessions.create({ role: 'manager' });
  await mesh.as('user:alice').tasks.route({ target: 'manager', description: 'Well?' });
});
afterAll(async () => {
  await raw.end();
  await mesh[Symbol.asyncDispose]();
});

interface List {
  readonly table: string;
  /** What a copy of a row must have of its own, as SQL of a JSON object. */
  readonly own: string;
  readonly like: string;
  page(query: { limit: number; cursor?: string | undefined }): Promise<Page<unknown>>;
}

const inbox = async (args: Record<string, unknown>) => {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return (await reader.tools.call('list_inbox', Object.fromEntries(given))) as {
    tasks: { task_id: string }[];
    more_tasks?: string;
    notifications: { text: string }[];
    more_notifications?: string;
  };
};

const LISTS: Readonly<Record<string, List>> = {
  tasks: {
    table: 'tasks',
    own: `'idempotency_key', null`,
    like: `description = 'Well?'`,
    page: async (query) => ids(await mesh.as('agent:manager').tasks.list(query)),
  },
  sessions: {
    table: 'sessions',
    own: `'metadata', '{}'::jsonb`,
    like: 'version = 0 and task_id is null',
    page: async (query) => ids(await mesh.as('user:alice').sessions.list(query)),
  },
  approvals: {
    table: 'approvals',
    own: `'status', 'withdrawn', 'closed_reason', 'x', 'open_to', '[]'::jsonb, 'due_at', null, 'idempotency_key', null`,
    like: 'true',
    page: async (query) => ids(await mesh.as('agent:manager').approvals.list(query)),
  },
  'tasks in the inbox': {
    table: 'tasks',
    own: `'idempotency_key', null`,
    like: `description = 'Well?'`,
    async page({ limit, cursor }) {
      const { tasks, more_tasks: next = null } = await inbox({ limit, after_tasks: cursor });
      return { items: tasks.map(({ task_id }) => task_id), next };
    },
  },
  'notifications in the inbox': {
    table: 'notifications',
    own: `'idempotency_key', gen_random_uuid(), 'text', gen_random_uuid()`,
    like: 'true',
    async page({ limit, cursor }) {
      const { notifications, more_notifications: next = null } = await inbox({
        limit,
        after_notifications: cursor,
      });
      return { items: notifications.map(({ text }) => text), next };
    },
  },
};

const ids = ({ items, next }: Page<{ readonly id: string }>) => ({ items: items.map(({ id }) => id), next });

/** Copies a row `count` times, all at the time of the transaction: the id alone tells them apart. */
const copies = ({ table, own, like }: List) => `
  insert into ${table}
  select (jsonb_populate_record(null::${table}, to_jsonb(t) || jsonb_build_object(
    'id', gen_random_uuid(), 'created_at', now(), ${own}))).*
  from (select * from ${table} where ${like} order by created_at limit 1) t, generate_series(1, $1::int)
  returning id`;

interface Copy {
  readonly id: string;
}

async function everything(list: List): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await list.page({ limit: 100, cursor });
    all.push(...items);
    if (next === null) return all;
    cursor = next;
  }
}

/** What happens between two pages: rows come, at once or in a transaction that began before the first page. */
const step = fc.record({ limit: fc.integer({ min: 1, max: 7 }), now: fc.nat(3), late: fc.nat(2) });

describe.each(Object.entries(LISTS))('the list of %s', (_name, list) => {
  test('gives every row that was there at the start once, whatever comes meanwhile', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 9 }),
      fc.array(step, { minLength: 1, maxLength: 6 }),
      async (before, steps) => {
        const copied = (await raw.query<Copy>(copies(list), [before])).rows;
        const late = await raw.connect();
        try {
          await late.query('begin');
          await late.query('select now()');
          const there = await everything(list);
          const seen: unknown[] = [];
          let cursor: string | undefined;
          for (let turn = 0; ; turn += 1) {
            const { limit, now, late: hidden } = steps[turn % steps.length] ?? { limit: 7, now: 0, late: 0 };
            const { items, next } = await list.page({ limit, cursor });
            expect(items.length).toBeLessThanOrEqual(limit);
            seen.push(...items);
            if (next === null) break;
            cursor = next;
            // No more than a few, or a list that is read from its old end would never end.
            if (turn >= steps.length) continue;
            copied.push(...(await raw.query<Copy>(copies(list), [now])).rows);
            copied.push(...(await late.query<Copy>(copies(list), [hidden])).rows);
            if (turn % 2 === 1) await late.query('commit; begin');
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual(expect.arrayContaining(there));
        } finally {
          await late.query('rollback');
          late.release();
          await raw.query(`delete from ${list.table} where id = any($1)`, [copied.map(({ id }) => id)]);
        }
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });

  test('refuses a cursor that it did not give', async () => {
    await expect(list.page({ limit: 1, cursor: 'bm90aGluZw' })).rejects.toThrow(
      'The cursor is not one that a list gave.',
    );
  });
});

describe('a list in the order of a key', () => {
  /** All pages of at most two rows. */
  async function readAll<Row>(path: string): Promise<Row[]> {
    const all: Row[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const answer = await mesh.fetch('user:root', `${path}?limit=2${cursor}`);
      const page = (await answer.json()) as Page<Row>;
      expect(page.items.length).toBeLessThanOrEqual(2);
      all.push(...page.items);
      next = page.next;
    }
    return all;
  }

  test('such as the history of a session, gives every row once', async () => {
    const alice = mesh.as('user:alice');
    const { id } = await alice.sessions.create({ role: 'legal' });
    for (const event of ['activate', 'pause', 'resume', 'pause', 'resume', 'complete'])
      await alice.sessions.send(id, event);
    const history = await readAll<{ version: number }>(`/sessions/${id}/transitions`);
    expect(history.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await alice.sessions.transitions(id)).toEqual(history);
  });

  test('such as the agents, gives every row once', async () => {
    for (const name of ['finance', 'finance-2', 'legal', 'manager', 'spare'])
      await mesh.sql(
        'insert into agents (name, role, status, instance) values ($1, $1, $2, gen_random_uuid())',
        [name, 'ready'],
      );
    const agents = await readAll<{ name: string }>('/agents');
    expect(agents.map(({ name }) => name)).toEqual(['finance', 'finance-2', 'legal', 'manager', 'spare']);
    expect(await mesh.as('user:root').agents.list()).toEqual(agents);
  });

  test.each(['bm90aGluZw', 'LTE', 'OTk5OTk5OTk5OTk5OTk5OTk5OTk'])('refuses the cursor %s', async (cursor) => {
    const { id } = await mesh.as('user:alice').sessions.create({ role: 'legal' });
    const answer = await mesh.fetch('user:alice', `/sessions/${id}/transitions?cursor=${cursor}`);
    expect(await answer.json()).toMatchObject({ code: 'invalid_request' });
  });
});
