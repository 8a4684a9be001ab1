-- Tasks: units of work from a source to a target role.

create table tasks (
  id                uuid primary key default gen_random_uuid(),
  type              text not null,
  source            text not null,
  source_session_id uuid references sessions on delete set null,
  asked_session_id  uuid references sessions on delete set null,
  owner             text not null,
  target            text not null,
  description       text not null,
  data              jsonb not null default '{}',
  attachments       jsonb not null default '[]',
  result_schema     jsonb,
  amount            numeric(14, 2) constraint tasks_amount_check check (amount >= 0),
  currency          text,
  priority          smallint not null default 5
    constraint tasks_priority_check check (priority between 0 and 9),
  wait              text not null default 'all'
    constraint tasks_wait_check check (wait in ('all', 'first')),
  privileged        boolean not null default false,
  status            text not null default 'pending'
    constraint tasks_status_check check (status in ('pending', 'active', 'completed', 'failed', 'cancelled')),
  idempotency_key   text,
  request_hash      text not null,
  attempts          integer not null default 0,
  max_attempts      integer not null default 5
    constraint tasks_max_attempts_check check (max_attempts between 1 and 20),
  deadline          timestamptz,
  retry_of          uuid references tasks on delete set null,
  dead_letter       boolean not null default false
    constraint tasks_dead_letter_check check (not dead_letter or status = 'failed'),
  agent             text,
  lease_id          uuid,
  lease_expires_at  timestamptz,
  claimable_at      timestamptz default now(),
  session_id        uuid references sessions on delete set null,
  parent_id         uuid references tasks on delete set null,
  approval_id       uuid,
  outcome           text constraint tasks_outcome_check check (outcome in ('done', 'approved', 'declined')),
  result            jsonb,
  failure           text,
  trace_id          text not null,
  created_at        timestamptz not null default now(),
  claimed_at        timestamptz,
  finished_at       timestamptz,
  ended_by          text,
  told_at           timestamptz,
  question_told_at  timestamptz,
  erased_at         timestamptz,
  kept_until        timestamptz,
  constraint tasks_erased_check check (erased_at is null or
    (finished_at is not null and description = '' and data = '{}' and attachments = '[]' and result_schema is null
     and (kept_until is not null or (result is null and failure is null)))),
  constraint tasks_kept_check check (kept_until is null or erased_at is not null),
  constraint tasks_lease_check check ((lease_id is null) = (lease_expires_at is null)),
  constraint tasks_claimable_check check (claimable_at is null or (lease_id is null and finished_at is null)),
  constraint tasks_finished_check check ((finished_at is null) = (status in ('pending', 'active'))),
  constraint tasks_ended_check check ((ended_by is null) = (finished_at is null))
);

alter table sessions add constraint sessions_task_fk foreign key (task_id) references tasks on delete set null;
create index idx_sessions_task on sessions (task_id);

comment on table  tasks                   is 'Units of work from a source to a target role.';
comment on column tasks.source            is 'The actor that sent it, taken from its token.';
comment on column tasks.source_session_id is 'The session that asked; it is paused while it waits for the answer.';
comment on column tasks.asked_session_id  is 'The waiting session whose own conversation is asked, instead of a new one.';
comment on column tasks.owner             is 'The actor on whose behalf it happens, inherited from the parent.';
comment on column tasks.priority          is 'From 0 to 9; agents take the highest first. Work that is handed on keeps it.';
comment on column tasks.wait              is 'When the session that asked goes on: once all its questions are answered, or with this one already.';
comment on column tasks.privileged        is 'Privileged, as is everything that comes from it; for roles that are not cleared its facts are hidden.';
comment on column tasks.deadline          is 'When it fails unless it has ended; never later than that of its parent.';
comment on column tasks.attachments       is 'References to content elsewhere.';
comment on column tasks.result_schema     is 'JSON Schema that the data of its result must fit.';
comment on column tasks.retry_of          is 'The failed or cancelled task that a person has sent anew as this one.';
comment on column tasks.dead_letter       is 'True if it failed after all its attempts.';
comment on column tasks.request_hash      is 'Keyed digest of the request, to tell a retry from another request under the same key.';
comment on column tasks.lease_id          is 'Names the holder; what comes with another lease is refused (fencing).';
comment on column tasks.claimable_at      is 'From when on an agent may take it; null while leased, waiting or ended.';
comment on column tasks.ended_by          is 'The actor who ended it: its agent, a person, or the controller.';
comment on column tasks.told_at           is 'When the conversation of the source was told the answer.';
comment on column tasks.question_told_at  is 'When the conversation of asked_session_id was told the question.';
comment on column tasks.erased_at         is 'When its content was erased, as the profile of its target says.';
comment on column tasks.kept_until        is 'Until when what nobody is known to have read yet is kept all the same: '
  'a result that no session waited for, and notifications.';

-- No statistics of content: they are samples of its values, and would outlive what is erased.
alter table tasks
  alter column description set statistics 0, alter column data set statistics 0,
  alter column attachments set statistics 0, alter column result_schema set statistics 0,
  alter column result set statistics 0, alter column failure set statistics 0;

create unique index idx_tasks_idempotency on tasks (source, idempotency_key) where idempotency_key is not null;
create index idx_tasks_new on tasks (target, priority desc, claimable_at) where claimable_at is not null and session_id is null;
create index idx_tasks_resumed on tasks (agent, claimable_at) where claimable_at is not null and session_id is not null;
create index idx_tasks_retry on tasks (claimable_at) where claimable_at is not null and attempts > 0;
create index idx_tasks_lease on tasks (lease_expires_at) where lease_expires_at is not null;
create index idx_tasks_lease_holder on tasks (agent) where lease_id is not null;
create index idx_tasks_questions on tasks (source_session_id) where source_session_id is not null;
create index idx_tasks_children on tasks (parent_id) where parent_id is not null and finished_at is null;
create index idx_tasks_follow_ups on tasks (asked_session_id) where asked_session_id is not null;
create index idx_tasks_deadline on tasks (deadline) where deadline is not null and finished_at is null;
create index idx_tasks_dead_letters on tasks (created_at, id) where dead_letter;
create index idx_tasks_retry_of on tasks (retry_of) where retry_of is not null;
create index idx_tasks_session on tasks (session_id) where session_id is not null;
-- Not by finished_at, which others ask for as well: where nothing was open when statistics were taken, PostgreSQL would
-- take this index for an empty one that answers all of them, and go on to read the whole of it when it has grown.
create index idx_tasks_inbox on tasks (target, created_at, id) where status in ('pending', 'active');
create index idx_tasks_owner on tasks (owner, created_at, id);
create index idx_tasks_approval on tasks (approval_id) where approval_id is not null;
create index idx_tasks_kept on tasks (target, finished_at) where finished_at is not null and erased_at is null;
create index idx_tasks_kept_until on tasks (kept_until) where kept_until is not null;
create index idx_tasks_listing on tasks (created_at, id);

-- What policies read of a task never changes, and what it came to does not change after its end: but for the words
-- of its result, which go with its content.
create function guard_task() returns trigger language plpgsql as $$
begin
  raise exception 'task % is % and stays as it is', old.id, old.status using errcode = 'check_violation';
end $$;

create trigger guard_task_request before update on tasks
  for each row when (
    (old.type, old.source, old.owner, old.target, old.amount, old.currency, old.privileged, old.trace_id)
    is distinct from
    (new.type, new.source, new.owner, new.target, new.amount, new.currency, new.privileged, new.trace_id))
  execute function guard_task();
-- What its data says may have decided who must approve, so it stays as it is until then; retention comes later. Its
-- priority may change until somebody begins with it: before that nothing was decided by it.
create trigger guard_task_data before update of data, priority on tasks
  for each row when (
    old.finished_at is null and (old.data is distinct from new.data
      or old.attempts > 0 and old.priority <> new.priority))
  execute function guard_task();
create trigger guard_task_end before update on tasks
  for each row when (
    old.finished_at is not null and (
      (old.status, old.outcome, old.finished_at, old.ended_by, old.dead_letter, coalesce(old.erased_at, new.erased_at))
      is distinct from
      (new.status, new.outcome, new.finished_at, new.ended_by, new.dead_letter, new.erased_at)
      or (old.result, old.failure) is distinct from (new.result, new.failure)
        and (new.erased_at is null or new.result is not null or new.failure is not null)))
  execute function guard_task();

-- Until the transaction ends nobody else gives a task another parent: two changes could make a circle together.
create function lock_parents() returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('goose-mesh parents', 0))
$$;

-- Whoever changes it, and however: no task is beneath itself.
create function guard_task_parent() returns trigger language plpgsql as $$
begin
  perform lock_parents();
  if exists (
    with recursive up as (
      select t.id, t.parent_id from tasks t where t.id = new.parent_id
      union
      select p.id, p.parent_id from tasks p join up u on p.id = u.parent_id
    )
    select 1 from up where id = new.id) then
    raise exception 'task % cannot be beneath itself', new.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger guard_task_parent before update on tasks
  for each row when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
  execute function guard_task_parent();

-- Tells every controller that a role has work, so that its waiting agents are woken.
create function notify_work() returns trigger language plpgsql as $$
begin
  perform pg_notify('goose_mesh_work', new.target);
  return null;
end $$;

create trigger notify_new_work after insert on tasks
  for each row when (new.claimable_at is not null) execute function notify_work();
create trigger notify_returned_work after update of claimable_at on tasks
  for each row when (new.claimable_at is not null and old.claimable_at is distinct from new.claimable_at)
  execute function notify_work();
