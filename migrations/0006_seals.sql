-- Seals: the event log in batches, each bound to the one before by its hash.

create table event_seals (
  number    bigint primary key,
  first_seq bigint not null,
  last_seq  bigint not null,
  count     integer not null,
  seqs      bigint[] not null,
  digests   bytea not null,
  previous  text not null unique,
  hash      text not null unique,
  sealed_at timestamptz not null,
  constraint event_seals_range_check check (number >= 1 and first_seq >= 1 and last_seq >= first_seq),
  constraint event_seals_count_check check
    (count >= 1 and cardinality(seqs) = count and octet_length(digests) = 32 * count and seqs[count] = last_seq),
  constraint event_seals_hash_check check (hash ~ '^[0-9a-f]{64}$' and previous ~ '^[0-9a-f]{64}$')
);

comment on table  event_seals           is 'Hash chain over the event log; `goose-mesh audit verify` recomputes it.';
comment on column event_seals.first_seq is 'The range begins where the seal before ended, so that nothing can be put between two seals.';
comment on column event_seals.last_seq  is 'The last event of the range. No event of the range can still appear when it is sealed.';
comment on column event_seals.seqs      is 'The events of the range; what is missing between them was rolled back.';
comment on column event_seals.digests   is 'SHA-256 of each of these events in its canonical form, 32 bytes each: they name the event that differs.';
comment on column event_seals.previous  is 'Hash of the seal before, zeros in the first. Unique, so that the chain cannot fork.';
comment on column event_seals.hash      is 'SHA-256 of everything else in this row in its canonical form.';

create trigger event_seals_append_only before update or truncate on event_seals
  for each statement execute function refuse_change();

-- Old events go in one way: in whole sealed ranges from the beginning on, and with an event that says so. It names the
-- last seal that goes with its range, by number and hash. That seal stays, as the anchor of the chain. (Whoever owns the
-- database can do anything to it. That chain and events fit together no more is how it shows.)
create function prune_events(up_to_seal bigint, facts jsonb) returns void language plpgsql as $$
declare
  anchor event_seals;
  said   bigint;
begin
  select * into strict anchor from event_seals s where s.number = up_to_seal;
  insert into events (kind, actor, subject, data)
  values ('log.pruned', 'controller', 'log:events',
          facts || jsonb_build_object('seal', anchor.number, 'hash', anchor.hash, 'up_to', anchor.last_seq))
  returning seq into said;
  perform set_config('goose_mesh.pruned_by', said::text, true);
  delete from events where seq <= anchor.last_seq;
  delete from event_seals where number < anchor.number;
  perform set_config('goose_mesh.pruned_by', '', true);
end $$;

-- The event by which this transaction says that it prunes, if it names a seal as it is.
create function pruning() returns table (seal bigint, up_to bigint) language sql stable as $$
  select s.number, s.last_seq
  from events e
  join event_seals s on s.number = (e.data->>'seal')::bigint and s.hash = e.data->>'hash'
  where e.kind = 'log.pruned' and e.seq = nullif(current_setting('goose_mesh.pruned_by', true), '')::bigint
$$;

create function guard_pruned_events() returns trigger language plpgsql as $$
begin
  if exists (select from gone) and not exists (select from pruning() p where p.up_to >= (select max(seq) from gone)) then
    raise exception 'events is append-only: delete is refused' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

create trigger guard_pruned_events after delete on events referencing old table as gone
  for each statement execute function guard_pruned_events();

create function guard_pruned_seals() returns trigger language plpgsql as $$
begin
  if exists (select from gone) and not exists (select from pruning() p where p.seal > (select max(number) from gone)) then
    raise exception 'event_seals is append-only: delete is refused' using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

create trigger guard_pruned_seals after delete on event_seals referencing old table as gone
  for each statement execute function guard_pruned_seals();
