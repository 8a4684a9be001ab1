import { expect } from 'vitest';
import { nextSessionState, type SessionTransition } from '../../src/core/session.ts';

export type Sql = <Row extends Record<string, unknown>>(text: string) => Promise<Row[]>;

/** Every session went only the ways that the machine has, one line of history for each step. */
export async function expectLegalHistories(sql: Sql): Promise<void> {
  const rows = await sql<SessionTransition>('select * from session_transitions order by session_id, version');
  for (const [index, { session_id, version, from_state, event, to_state }] of rows.entries()) {
    const before = rows[index - 1];
    const expected = before?.session_id === session_id ? before.to_state : 'pending';
    expect(from_state).toBe(expected);
    expect(version).toBe(before?.session_id === session_id ? before.version + 1 : 1);
    expect(nextSessionState(from_state, event)).toBe(to_state);
  }
  const astray = await sql(
    `select s.id from sessions s
     left join lateral (
       select to_state from session_transitions t where t.session_id = s.id order by version desc limit 1
     ) last on true
     where s.status is distinct from coalesce(last.to_state, 'pending')`,
  );
  expect(astray).toEqual([]);
}

/** No session works or waits on after the task that it was for. */
export async function expectNoLingering(sql: Sql): Promise<void> {
  const open = await sql(
    `select s.id, s.status from sessions s join tasks t on t.id = s.task_id
     where t.finished_at is not null and s.status in ('pending', 'active', 'paused')`,
  );
  expect(open).toEqual([]);
}
