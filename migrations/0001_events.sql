-- The event log: every change of state is written here in the transaction that makes the change.

create table events (
  seq        bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  kind       text not null constraint events_kind_check check (kind ~ '^[a-z]+\.[a-z_]+$'),
  actor      text not null,
  subject    text not null,
  owner      text,
  trace_id   text,
  data       jsonb not null default '{}',
  dedupe_key text
);

comment on table  events            is 'Append-only log of everything that happened in the mesh.';
comment on column events.seq        is 'Position in the log. Gaps are transactions that rolled back.';
comment on column events.actor      is 'Who did it: user:alice, agent:finance, guard:finance, controller.';
comment on column events.subject    is 'What it happened to: session:<id>, task:<id>, approval:<id>, agent:<name>, role:<name>.';
comment on column events.owner      is 'The actor on whose behalf it happened; decides who may read it.';
comment on column events.trace_id   is 'W3C trace id shared by everything that one request caused.';
comment on column events.data       is 'Facts such as ids, types, amounts, counts. Texts only with personal data redacted.';
comment on column events.dedupe_key is 'Makes a repeated report harmless: the second insert is skipped.';

create index idx_events_trace on events (trace_id, seq);
create index idx_events_subject on events (subject, seq);
create index idx_events_owner on events (owner, seq);
create unique index idx_events_dedupe on events (dedupe_key) where dedupe_key is not null;

-- Wakes the event streams of every controller. The payload is empty, so that PostgreSQL folds the notifications of one
-- transaction into one; readers fetch what is new by seq.
--
-- A NOTIFY makes the commits of a whole server queue up behind one lock, which each holds until its log is on the disk. A
-- controller therefore tells the others itself, after its commits and not for each of them (src/store/herald.ts), and
-- says so by this setting. Whoever else writes to the log, such as SQL by hand, does not.
create function notify_events() returns trigger language plpgsql as $$
begin
  if current_setting('goose_mesh.tells_events', true) is distinct from 'on' then
    perform pg_notify('goose_mesh_events', '');
  end if;
  return null;
end $$;

create trigger notify_events after insert on events
  for each statement execute function notify_events();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation';
end $$;

create trigger events_append_only before update or truncate on events
  for each statement execute function refuse_change();

-- Finds what was pruned: migration 0006.
create index idx_events_pruned on events (seq) where kind = 'log.pruned';
