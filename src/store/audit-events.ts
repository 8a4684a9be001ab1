import type { AuditEvent } from '../core/seal.ts';
import type { Queryable } from './database.ts';

const READ = {
  name: 'read_audit_events',
  text: `
    select seq, at, kind, actor, subject, owner, trace_id, data, dedupe_key from events
    where seq > $1 and seq <= $2
      and ($3::text[] is null or kind = any($3))
      and ($4::text is null or actor = $4)
      and ($5::text is null or subject = $5)
      and ($6::text is null or trace_id = $6)
      and ($7::timestamptz is null or at >= $7)
      and ($8::timestamptz is null or at < $8)
    order by seq
    limit $9`,
};

export interface ReadAuditEvents {
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  readonly kinds?: readonly string[] | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly traceId?: string | undefined;
  /** Inclusive. */
  readonly since?: string | undefined;
  /** Exclusive. */
  readonly until?: string | undefined;
}

/** Whole lines of the log in order. Plan: an index range scan on the primary key, the trace or the subject. */
export function readAuditEvents(db: Queryable, read: ReadAuditEvents): Promise<readonly AuditEvent[]> {
  const { after, upTo, kinds, actor, subject, traceId, since, until, limit } = read;
  const filter = [kinds, actor, subject, traceId, since, until].map((value) => value ?? null);
  return db.query<AuditEvent>(READ, [after, upTo, ...filter, limit]);
}
