-- Sessions and the only way in which their state may change.

create table sessions (
  id                 uuid primary key default gen_random_uuid(),
  role               text not null,
  agent              text,
  earlier_agents     text[] not null default '{}',
  owner              text not null,
  task_id            uuid,
  conversation       text,
  status             text not null default 'pending'
    constraint sessions_status_check
    check (status in ('pending', 'active', 'paused', 'completed', 'failed', 'expired')),
  version            integer not null default 0,
  last_event         text,
  revision           integer not null default 0,
  fsm_metadata       jsonb not null default '{}',
  privileged         boolean not null default false,
  metadata           jsonb not null default '{}'
    constraint sessions_metadata_check check (jsonb_typeof(metadata) = 'object'),
  trace_id           text not null,
  created_at         timestamptz not null default now(),
  last_transition_at timestamptz not null default now(),
  paused_at          timestamptz,
  completed_at       timestamptz,
  failed_at          timestamptz,
  erased_at          timestamptz,
  constraint sessions_erased_check
    check (erased_at is null or (status in ('completed', 'failed', 'expired') and metadata = '{}')),
  constraint sessions_times_check
    check ((paused_at is not null) = (status = 'paused')
       and (completed_at is not null) = (status = 'completed')
       and (failed_at is not null) = (status = 'failed'))
);

comment on table  sessions                    is 'One Goose conversation working on one task.';
comment on column sessions.agent              is 'Name of the agent that holds the conversation; null before the first claim.';
comment on column sessions.earlier_agents     is 'Agents that held it before and are gone, in their order.';
comment on column sessions.owner              is 'The actor on whose behalf the session runs.';
comment on column sessions.conversation       is 'Goose''s own session id, unique only within one agent.';
comment on column sessions.status             is 'State of the lifecycle; changes only through the transition statement.';
comment on column sessions.version            is 'Number of transitions so far; each has its row in session_transitions.';
comment on column sessions.last_event         is 'The event that led to the present state.';
comment on column sessions.revision           is 'Number of changes of this row so far, of whatever kind; a trigger counts them.';
comment on column sessions.fsm_metadata       is 'Context of the lifecycle: waiting_on (open questions), answered (what '
  'it was resumed with), paused_by (the person who paused), held_back (a result that came during that pause).';
comment on column sessions.privileged         is 'Whether its task is privileged: the log then holds no text of it.';
comment on column sessions.metadata           is 'What people keep with the session; the lifecycle never looks at it.';
comment on column sessions.last_transition_at is 'When the state last changed; retention counts from here.';
comment on column sessions.paused_at          is 'When the session was paused; null unless it is paused.';
comment on column sessions.completed_at       is 'When the session completed.';
comment on column sessions.failed_at          is 'When the session failed.';
comment on column sessions.erased_at          is 'When its metadata and the reasons in its history were erased, as the profile of its role says.';

-- No statistics of content: they are samples of its values, and would outlive what is erased.
alter table sessions alter column metadata set statistics 0;

create index idx_sessions_last_transition on sessions (last_transition_at);
create index idx_sessions_role_status on sessions (role, status);
create index idx_sessions_paused on sessions (paused_at) where status = 'paused';
create index idx_sessions_idle on sessions (role, status, last_transition_at)
  where status in ('pending', 'active', 'paused');
create index idx_sessions_kept on sessions (role, last_transition_at)
  where erased_at is null and status in ('completed', 'failed', 'expired');
create index idx_sessions_listing on sessions (created_at, id);
create index idx_sessions_owner on sessions (owner, created_at, id);

create table session_transitions (
  session_id uuid not null references sessions on delete cascade,
  version    integer not null,
  from_state text not null,
  event      text not null,
  to_state   text not null,
  actor      text not null,
  reason     text,
  at         timestamptz not null default clock_timestamp(),
  primary key (session_id, version)
);

comment on table session_transitions is 'History of every session, one row for each change of state.';

-- No statistics of content: they are samples of its values, and would outlive what is erased.
alter table session_transitions alter column reason set statistics 0;

create trigger session_transitions_append_only before truncate on session_transitions
  for each statement execute function refuse_change();

-- A line of history never changes, but for its reason, which goes with the content of its session.
create function guard_history() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'reason' is distinct from to_jsonb(old) - 'reason' or new.reason is not null
     or not exists (select 1 from sessions s where s.id = old.session_id and s.erased_at is not null) then
    raise exception 'session_transitions is append-only: update is refused' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create trigger guard_history before update on session_transitions
  for each row execute function guard_history();

-- History goes only with its session.
create function keep_history() returns trigger language plpgsql as $$
begin
  if exists (select 1 from sessions s where s.id = old.session_id) then
    raise exception 'the history of session % is append-only: delete is refused', old.session_id
      using errcode = 'restrict_violation';
  end if;
  return old;
end $$;

create trigger keep_history before delete on session_transitions
  for each row execute function keep_history();

-- The state machine. SESSION_TRANSITIONS in src/core/session.ts is its twin; a test compares them.
-- Gives the state after an event, the same state for a repeated event, null where the event is refused.
create function session_next_state(state text, event text) returns text
  language sql immutable strict parallel safe as $$
  select case state
    when 'pending' then case event
      when 'activate' then 'active'
      when 'expire'   then 'expired' end
    when 'active' then case event
      when 'pause'    then 'paused'
      when 'complete' then 'completed'
      when 'fail'     then 'failed'
      when 'expire'   then 'expired'
      when 'activate' then 'active'
      when 'resume'   then 'active' end
    when 'paused' then case event
      when 'resume'   then 'active'
      when 'expire'   then 'expired'
      when 'pause'    then 'paused' end
  end
$$;

-- Counts every change, and refuses every change of state that is not one step of the machine, named by its event and
-- counted.
create function guard_session_state() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'pending' or new.version <> 0 then
      raise exception 'a session starts as pending with version 0, not as % with version %', new.status, new.version
        using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if new is distinct from old then
    new.revision := old.revision + 1;
  end if;
  if new.status = old.status then
    if (new.version, new.last_event, new.last_transition_at, new.paused_at, new.completed_at, new.failed_at)
       is distinct from
       (old.version, old.last_event, old.last_transition_at, old.paused_at, old.completed_at, old.failed_at) then
      raise exception 'the lifecycle columns of session % change only together with its state', old.id
        using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if new.version <> old.version + 1 or session_next_state(old.status, new.last_event) is distinct from new.status then
    raise exception 'session % may not go from % to % by %: use the transition statement',
      old.id, old.status, new.status, coalesce(new.last_event, 'no event')
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger guard_session_state before insert or update on sessions
  for each row execute function guard_session_state();

-- Checked at commit: a change of state without its line of history cannot be committed.
create function require_transition_row() returns trigger language plpgsql as $$
begin
  perform 1 from session_transitions t
    where t.session_id = new.id and t.version = new.version
      and t.from_state = old.status and t.to_state = new.status and t.event = new.last_event;
  if not found and exists (select 1 from sessions s where s.id = new.id) then
    raise exception 'session % went from % to % without a row in session_transitions', new.id, old.status, new.status
      using errcode = 'check_violation';
  end if;
  return null;
end $$;

create constraint trigger require_transition_row after update on sessions
  deferrable initially deferred
  for each row when (old.status is distinct from new.status)
  execute function require_transition_row();

-- The other way round: a line of history tells the step that the session has just made, next to the line before it.
create function require_transition() returns trigger language plpgsql as $$
begin
  if not exists (
       select 1 from sessions s
       where s.id = new.session_id
         and (s.version, s.status, s.last_event) = (new.version, new.to_state, new.event))
     or new.from_state is distinct from coalesce(
       (select t.to_state from session_transitions t
        where t.session_id = new.session_id and t.version = new.version - 1), 'pending') then
    raise exception 'session % has not gone from % to % by % as step %',
      new.session_id, new.from_state, new.to_state, new.event, new.version
      using errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger require_transition after insert on session_transitions
  for each row execute function require_transition();

-- The migration verifies itself: a half-made lifecycle must not be taken for a whole one.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['fsm_metadata', 'last_transition_at', 'paused_at', 'completed_at', 'failed_at'] loop
    if not exists (select 1 from pg_attribute
                   where attrelid = 'sessions'::regclass and attname = wanted and not attisdropped) then
      raise exception 'sessions.% is missing', wanted;
    end if;
    if col_description('sessions'::regclass,
         (select attnum from pg_attribute where attrelid = 'sessions'::regclass and attname = wanted)) is null then
      raise exception 'sessions.% has no comment', wanted;
    end if;
  end loop;
  foreach wanted in array array['idx_sessions_last_transition', 'idx_sessions_role_status', 'idx_sessions_paused'] loop
    if to_regclass(wanted) is null then
      raise exception 'index % is missing', wanted;
    end if;
  end loop;
  if not exists (select 1 from pg_constraint
                 where conname = 'sessions_status_check' and conrelid = 'sessions'::regclass) then
    raise exception 'constraint sessions_status_check is missing';
  end if;
end $$;
