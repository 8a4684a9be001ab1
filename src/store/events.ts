import type { EventKind, MeshEvent } from '../core/event.ts';
import type { JsonObject } from '../core/json.ts';
import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

export interface NewEvent {
  readonly kind: EventKind;
  readonly actor: string;
  readonly subject: string;
  readonly owner: string | null;
  readonly trace_id: string | null;
  readonly data: JsonObject;
  /** With a key, a second event of the same key is skipped. */
  readonly dedupe_key?: string;
}

const COLUMNS = 'seq, at, kind, actor, subject, owner, trace_id, data';

const INSERT = {
  name: 'insert_events',
  text: `
    insert into events (kind, actor, subject, owner, trace_id, data, dedupe_key)
    select e.kind, e.actor, e.subject, e.owner, e.trace_id, e.data, e.dedupe_key
    from rows from (jsonb_to_recordset($1::jsonb)
           as (kind text, actor text, subject text, owner text, trace_id text, data jsonb, dedupe_key text))
      with ordinality as e (kind, actor, subject, owner, trace_id, data, dedupe_key, n)
    order by e.n
    on conflict (dedupe_key) where dedupe_key is not null do nothing`,
};

/** Writes events in the given order, within the caller's transaction. */
export async function insertEvents(db: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await db.query(INSERT, [JSON.stringify(events)]);
}

const READ = {
  name: 'read_events',
  text: `
    select ${COLUMNS} from events
    where seq > $1 and seq <= $2
      and ($3::text is null or trace_id = $3)
      and ($4::text is null or subject = $4)
      and ($5::text is null or owner = $5)
      and ($6::text[] is null or kind = any($6))
    order by seq
    limit $7`,
};

export interface ReadEvents {
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  readonly traceId?: string | undefined;
  readonly subject?: string | undefined;
  readonly owner?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
}

/** Events of the log in order. Plan: an index range scan on the primary key, the trace or the subject. */
export function readEvents(db: Queryable, read: ReadEvents): Promise<readonly MeshEvent[]> {
  const { after, upTo, traceId, subject, owner, kinds, limit } = read;
  const filter = [traceId ?? null, subject ?? null, owner ?? null, kinds ?? null];
  return db.query<MeshEvent>(READ, [after, upTo, ...filter, limit]);
}

const END_OF_LOG = {
  name: 'end_of_log',
  text: 'select coalesce(max(seq), 0) as seq from events',
};

export async function readEndOfLog(db: Queryable): Promise<number> {
  return onlyRow(await db.query<{ seq: number }>(END_OF_LOG)).seq;
}

const WRITERS = {
  name: 'list_event_writers',
  text: `
    select coalesce(array_agg(distinct virtualtransaction), '{}') as writers from pg_locks
    where locktype = 'relation' and relation = 'events'::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())`,
};

/**
 * The transactions that may write to the log now. Whoever draws a number holds this lock from before it draws until
 * after its commit is visible, so a number that is missing now and is still missing once all of these have ended
 * was rolled back. (Transaction ids would not tell: one may be drawn after the number, and they count the writers
 * of every database of the server.)
 */
export async function listEventWriters(db: Queryable): Promise<readonly string[]> {
  return onlyRow(await db.query<{ writers: string[] }>(WRITERS)).writers;
}
