import type { AuditedCall, CallQuery, GuardCall } from '../../core/guard.ts';
import type { Page } from '../../core/page.ts';
import { decodeCursor, toPageBy } from '../cursor.ts';
import type { Queryable } from '../database.ts';

/** A reported call with what the controller knows of it. */
export type EndedCall = GuardCall & Pick<AuditedCall, 'role' | 'task_id' | 'cost'>;

const COLUMNS = `id, role, agent, session_id, task_id, shape, model, mode, streamed, status, refused, masked, restored, contained,
  tokens_in, tokens_out, cost, overhead_ms, first_token_ms, duration_ms`;

const END = {
  name: 'end_guard_calls',
  text: `
    insert into guard_calls (${COLUMNS}, at)
    select ${COLUMNS}, now() - make_interval(secs => c.duration_ms / 1000)
    from jsonb_to_recordset($1::jsonb) as c (
      id uuid, role text, agent text, session_id uuid, task_id uuid, shape text, model text, mode text,
      streamed boolean, status integer, refused text, masked jsonb, restored jsonb, contained jsonb, tokens_in bigint,
      tokens_out bigint, cost float8, overhead_ms float8, first_token_ms float8, duration_ms float8)
    order by id
    on conflict (id) do update set
      status = excluded.status, refused = excluded.refused, masked = excluded.masked, restored = excluded.restored,
      contained = excluded.contained,
      tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out, cost = excluded.cost,
      overhead_ms = excluded.overhead_ms, first_token_ms = excluded.first_token_ms, duration_ms = excluded.duration_ms
    where guard_calls.status is null and guard_calls.agent = excluded.agent`,
};

/** Keeps the ends of calls. One that was permitted has its row already; one that has ended before stays as it is. */
export async function endCalls(tx: Queryable, calls: readonly EndedCall[]): Promise<void> {
  await tx.query(END, [JSON.stringify(calls)]);
}

const OPEN = {
  name: 'open_guard_call',
  text: `
    insert into guard_calls (id, at, role, agent, session_id, task_id, shape, model, mode, streamed, permitted)
    values ($1, now(), $2, $3, $4, $5, $6, $7, $8, $9, true)
    on conflict (id) do nothing`,
};

export type OpenCall = Pick<
  AuditedCall,
  'id' | 'role' | 'agent' | 'session_id' | 'task_id' | 'shape' | 'model' | 'mode' | 'streamed'
>;

/** Notes that a call is about to be sent; a repetition changes nothing. */
export async function openCall(tx: Queryable, call: OpenCall): Promise<void> {
  const { id, role, agent, session_id, task_id, shape, model, mode, streamed } = call;
  await tx.query(OPEN, [id, role, agent, session_id, task_id, shape, model, mode, streamed]);
}

const LIST = {
  name: 'list_guard_calls',
  text: `
    select ${COLUMNS}, at from guard_calls c
    where ($1::text is null or c.agent = $1)
      and ($2::uuid is null or c.session_id = $2)
      and ($3::uuid is null or c.task_id = $3)
      and ($4::timestamptz is null or c.at >= $4)
      and ($5::timestamptz is null or (c.at, c.id) < ($5, $6::uuid))
    order by c.at desc, c.id desc
    limit $7`,
};

/** Newest first. Plan: a backward scan of the index of the time, or of agent, session or task, up to \`limit\` rows. */
export async function listCalls(db: Queryable, query: CallQuery): Promise<Page<AuditedCall>> {
  const cursor = decodeCursor(query.cursor);
  const rows = await db.query<AuditedCall>(LIST, [
    query.agent ?? null,
    query.session ?? null,
    query.task ?? null,
    query.since ?? null,
    cursor?.created_at ?? null,
    cursor?.id ?? null,
    query.limit + 1,
  ]);
  return toPageBy(rows, query.limit, ({ at, id }) => `${at} ${id}`);
}

const PRUNE = {
  name: 'prune_guard_calls',
  text: 'delete from guard_calls where at < now() - make_interval(secs => $1)',
};

/** Removes the rows of calls that are older than the log keeps events. Plan: an index scan that mostly finds nothing. */
export async function pruneCalls(tx: Queryable, keepSeconds: number): Promise<void> {
  await tx.query(PRUNE, [keepSeconds]);
}
