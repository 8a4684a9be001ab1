import { afterAll, beforeAll, expect, test } from 'vitest';
import { SESSION_STATES } from '../../../src/core/session.ts';
import { openTestStore, type TestStore } from '../support/store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store[Symbol.asyncDispose]());

test('the columns of the lifecycle have their types, defaults and comments', async () => {
  const columns = await store.sql<{
    name: string;
    type: string;
    default: string | null;
    comment: string | null;
  }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
            pg_get_expr(d.adbin, d.adrelid) as default, col_description(a.attrelid, a.attnum) as comment
     from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = 'sessions'::regclass
       and a.attname in ('revision', 'fsm_metadata', 'metadata', 'last_transition_at', 'paused_at', 'completed_at', 'failed_at')
     order by a.attnum`,
  );
  expect(columns.map(({ name, type, default: value }) => [name, type, value])).toEqual([
    ['revision', 'integer', '0'],
    ['fsm_metadata', 'jsonb', `'{}'::jsonb`],
    ['metadata', 'jsonb', `'{}'::jsonb`],
    ['last_transition_at', 'timestamp with time zone', 'now()'],
    ['paused_at', 'timestamp with time zone', null],
    ['completed_at', 'timestamp with time zone', null],
    ['failed_at', 'timestamp with time zone', null],
  ]);
  expect(columns.map(({ comment }) => comment)).not.toContain(null);
});

test('the indexes of the lifecycle are there', async () => {
  const rows = await store.sql<{ indexname: string }>(
    `select indexname from pg_indexes where tablename = 'sessions'`,
  );
  expect(rows.map(({ indexname }) => indexname)).toEqual(
    expect.arrayContaining([
      'idx_sessions_last_transition',
      'idx_sessions_role_status',
      'idx_sessions_paused',
    ]),
  );
});

test('the check knows exactly the six states', async () => {
  const [check] = await store.sql<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'sessions_status_check'`,
  );
  expect(check?.definition.match(/'[a-z]+'/g)?.map((state) => state.slice(1, -1))).toEqual([
    ...SESSION_STATES,
  ]);
});

test('whatever follows the deletion of a session has an index to be found by', async () => {
  const missing = await store.sql<{ key: string }>(
    `select c.conname as key from pg_constraint c
     where c.contype = 'f' and c.confdeltype <> 'a' and c.confrelid = 'sessions'::regclass
       and not exists (select 1 from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])`,
  );
  expect(missing).toEqual([]);
});
