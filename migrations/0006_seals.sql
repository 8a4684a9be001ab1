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

create trigger event_seals_append_only before update or delete or truncate on event_seals
  for each statement execute function refuse_change();
