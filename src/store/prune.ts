import type { Queryable } from './database.ts';
import { onlyRow } from './rows.ts';

/** How much goes in one transaction: at most 50,000 events. */
const SEALS_AT_ONCE = 50;

/** SQL: the last pruning that the log tells of. One row of nulls if there was none. Plan: idx_events_pruned, backwards. */
const LAST = `
    select max(at) as at, coalesce(max((data->>'up_to')::bigint), 0) as up_to,
           coalesce(bool_or((data->>'more')::boolean), false) as more
    from (select at, data from events where kind = 'log.pruned' order by seq desc limit 1) said`;

const PRUNED_UP_TO = { name: 'pruned_up_to', text: `with last as (${LAST}) select up_to from last` };

/** The last event that is not in the log any more; 0 if all are. */
export async function readPrunedUpTo(db: Queryable): Promise<number> {
  return onlyRow(await db.query<{ up_to: number }>(PRUNED_UP_TO)).up_to;
}

const NEXT = {
  name: 'next_pruning',
  text: `
    with last as (${LAST}), first as (
      select e.at from event_seals s left join events e on e.seq = s.last_seq
      where s.last_seq > (select up_to from last) order by s.number limit 1
    )
    select (extract(epoch from
      greatest(first.at + make_interval(secs => $1), case when not last.more then last.at + interval '1 day' end)
      - now()) * 1000)::float8 as in_ms
    from last, first where first.at is not null`,
};

/**
 * Milliseconds until the oldest sealed events are older than they may be, and a day has gone by since such were pruned;
 * undefined while nothing is sealed, or
 * the log is not what was sealed: that is kept as it is found.
 */
export async function readNextPruning(db: Queryable, keepSeconds: number): Promise<number | undefined> {
  const [next] = await db.query<{ in_ms: number }>(NEXT, [keepSeconds]);
  return next?.in_ms;
}

/** Of the first seals that are not pruned those whose events, and those of all before, are older than they may be. */
const PRUNE = {
  name: 'prune_events',
  text: `
    with last as (${LAST}), first as (
      select s.number, e.at from event_seals s left join events e on e.seq = s.last_seq
      where s.last_seq > (select up_to from last) order by s.number limit $2::int + 1
    ), old as (
      select number, bool_and(coalesce(at <= now() - make_interval(secs => $1), false)) over (order by number) as is_old from first
    ), chosen as (
      select number, count(*) over () > $2::int as more from old where is_old order by number limit $2::int
    )
    select prune_events(number, jsonb_build_object('more', more, 'keep_days', $1::float8 / 86400))
    from chosen order by number desc limit 1`,
};

/** Removes the oldest sealed events if they are due, with an event that says so. What is left of them is due at once. */
export async function pruneEvents(tx: Queryable, keepSeconds: number): Promise<void> {
  await tx.query(PRUNE, [keepSeconds, SEALS_AT_ONCE]);
}
