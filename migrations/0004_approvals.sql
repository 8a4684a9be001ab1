-- Approvals: decisions that policy demands before something may happen.

-- What the approval policy said, each version once. Which one is in force, and since when, is in the log (policy.applied).
create table policy_versions (
  version     integer primary key,
  digest      text not null unique constraint policy_versions_digest_check check (digest ~ '^[0-9a-f]{64}$'),
  policy      jsonb not null,
  recorded_at timestamptz not null default now()
);

comment on table  policy_versions        is 'What the approval policy said, so that every approval can show by which rule it was asked for.';
comment on column policy_versions.digest is 'SHA-256 of the policy in its canonical form.';

create trigger policy_versions_append_only before update or delete or truncate on policy_versions
  for each statement execute function refuse_change();

create table approvals (
  id              uuid primary key default gen_random_uuid(),
  task_id         uuid not null references tasks on delete cascade,
  session_id      uuid references sessions on delete set null,
  requester       text not null,
  requester_role  text not null,
  owner           text not null,
  amount          numeric(14, 2),
  currency        text,
  reason          text not null,
  policy          text not null,
  policy_digest   text not null references policy_versions (digest),
  required        text[] not null,
  steps           jsonb not null,
  asked           text[] not null,
  stage           integer not null default 0,
  stage_at        timestamptz not null default now(),
  escalated       integer[] not null default '{}',
  open_to         text[] not null,
  due_at          timestamptz,
  privileged      boolean not null,
  status          text not null default 'pending'
    constraint approvals_status_check
    check (status in ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
  idempotency_key text,
  receipt         text,
  trace_id        text not null,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz not null,
  decided_at      timestamptz,
  closed_reason   text,
  used_at         timestamptz,
  told_at         timestamptz,
  erased_at       timestamptz,
  constraint approvals_erased_check
    check (erased_at is null or (status <> 'pending' and reason = '' and coalesce(closed_reason, '') = '')),
  constraint approvals_receipt_check check ((receipt is not null) = (status = 'approved')),
  constraint approvals_closed_check check ((closed_reason is not null) = (status in ('expired', 'withdrawn'))),
  constraint approvals_open_check check (status = 'pending' or (open_to = '{}' and due_at is null))
);

comment on table  approvals               is 'Decisions that policy demands before a task may have an outcome.';
comment on column approvals.amount        is 'The task''s amount when the approval was asked for; the receipt is bound to it.';
comment on column approvals.policy        is 'Version and rule of the policy that named the approvers.';
comment on column approvals.policy_digest is 'That policy, in policy_versions.';
comment on column approvals.required      is 'Who must decide, as people read it; the requester''s own role consents by asking.';
comment on column approvals.steps         is 'What must be agreed to: steps with their seats, in which decisions are made.';
comment on column approvals.asked         is 'Roles and actors that may have to decide, and so may see it.';
comment on column approvals.stage         is 'The stage whose steps may be decided now; those of later ones wait.';
comment on column approvals.escalated     is 'Indexes of the steps that their escalation may decide too.';
comment on column approvals.open_to       is 'Roles and actors that may decide now.';
comment on column approvals.due_at        is 'When the next step escalates.';
comment on column approvals.privileged    is 'Whether its task is.';
comment on column approvals.receipt       is 'Compact JWS over task, amount, decision, approvers and expiry.';
comment on column approvals.closed_reason is 'Why it ended without a decision.';
comment on column approvals.used_at       is 'When the approval let its task complete. It does so once.';
comment on column approvals.erased_at     is 'When its reason and the comments on it were erased, with the content of its task.';

-- No statistics of content: they are samples of its values, and would outlive what is erased.
alter table approvals alter column reason set statistics 0, alter column closed_reason set statistics 0;

create unique index idx_approvals_one_open on approvals (task_id) where status = 'pending';
create unique index idx_approvals_idempotency on approvals (requester, idempotency_key)
  where idempotency_key is not null;
create index idx_approvals_task on approvals (task_id);
create index idx_approvals_questions on approvals (session_id) where session_id is not null;
create index idx_approvals_due on approvals (expires_at) where status = 'pending';
create index idx_approvals_escalation on approvals (due_at) where due_at is not null;
create index idx_approvals_listing on approvals (created_at, id);

create table approval_decisions (
  approval_id  uuid not null references approvals on delete cascade,
  seat         integer not null,
  role         text not null,
  actor        text not null,
  on_behalf_of text,
  decision     text not null constraint approval_decisions_check check (decision in ('approve', 'reject')),
  comment      text not null,
  at           timestamptz not null default now(),
  primary key (approval_id, seat)
);

comment on table  approval_decisions              is 'Who decided what, and why; one line for each seat that was taken.';
comment on column approval_decisions.on_behalf_of is 'Who is away and for whom the actor stood in.';

alter table approval_decisions alter column comment set statistics 0;

alter table tasks add constraint tasks_approval_fk foreign key (approval_id) references approvals on delete set null;

-- Four eyes, whatever the code above it does: nobody decides on their own request, nor on what happens on their own
-- behalf, nor twice, whether in person or through a deputy; nor in a seat that is not open, or that is somebody else's.
create function guard_decision() returns trigger language plpgsql as $$
declare
  approval approvals;
  place    jsonb;
  side     text;
begin
  select * into approval from approvals a where a.id = new.approval_id;
  if approval.status <> 'pending' then
    raise exception 'approval % is % and stays so', approval.id, approval.status using errcode = 'check_violation';
  end if;
  foreach side in array array_remove(array[new.actor, new.on_behalf_of], null) loop
    if approval.requester = side then
      raise exception '% may not decide on its own request', side using errcode = 'check_violation';
    end if;
    if approval.owner = side then
      raise exception '% may not decide on what happens on its own behalf', side using errcode = 'check_violation';
    end if;
    if exists (select 1 from approval_decisions d
               where d.approval_id = approval.id and side in (d.actor, d.on_behalf_of)) then
      raise exception '% may not decide twice on approval %', side, approval.id using errcode = 'check_violation';
    end if;
  end loop;

  select candidate.seat into place
  from jsonb_array_elements(approval.steps) with ordinality step (value, number)
  cross join lateral jsonb_array_elements(step.value->'seats' || case
    when (step.number - 1)::int = any (approval.escalated) then step.value->'escalate_to' else '[]' end) candidate (seat)
  where (candidate.seat->>'seat')::int = new.seat and (step.value->>'stage')::int <= approval.stage;
  if place is null then
    raise exception 'seat % of approval % is not open', new.seat, approval.id using errcode = 'check_violation';
  end if;
  if coalesce(place->>'role', new.role) <> new.role then
    raise exception 'seat % of approval % is not for % to decide', new.seat, approval.id, new.role
      using errcode = 'check_violation';
  end if;
  if place->>'person' is not null and place->>'person' <> coalesce(new.on_behalf_of, new.actor) then
    raise exception 'seat % of approval % is for % to decide, not for %', new.seat, approval.id, place->>'person', new.actor
      using errcode = 'check_violation';
  end if;
  if place->>'who' = 'human' and new.actor not like 'user:%'
     or place->>'who' = 'agent' and new.actor not like 'agent:%'
     or new.on_behalf_of is not null and new.actor not like 'user:%' then
    raise exception 'seat % of approval % is not for % to decide: it must be %', new.seat, approval.id, new.actor,
      coalesce(nullif(place->>'who', 'any'), 'human') using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger guard_decision before insert on approval_decisions
  for each row execute function guard_decision();

create trigger approval_decisions_append_only before truncate on approval_decisions
  for each statement execute function refuse_change();

-- A decision never changes, but for its comment, which goes with the content of its approval.
create function guard_decided() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'comment' is distinct from to_jsonb(old) - 'comment' or new.comment <> ''
     or not exists (select 1 from approvals a where a.id = old.approval_id and a.erased_at is not null) then
    raise exception 'approval_decisions is append-only: update is refused' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create trigger guard_decided before update on approval_decisions
  for each row execute function guard_decided();

-- Decisions go only with their approval.
create function keep_decisions() returns trigger language plpgsql as $$
begin
  if exists (select 1 from approvals a where a.id = old.approval_id) then
    raise exception 'the decisions on approval % are append-only: delete is refused', old.approval_id
      using errcode = 'restrict_violation';
  end if;
  return old;
end $$;

create trigger keep_decisions before delete on approval_decisions
  for each row execute function keep_decisions();

-- What was asked never changes, and an answer is final.
create function guard_approval() returns trigger language plpgsql as $$
begin
  if (new.task_id, new.requester, new.requester_role, new.owner, new.amount, new.currency, new.expires_at,
      new.policy, new.policy_digest, new.required, new.steps, new.asked)
     is distinct from
     (old.task_id, old.requester, old.requester_role, old.owner, old.amount, old.currency, old.expires_at,
      old.policy, old.policy_digest, old.required, old.steps, old.asked) then
    raise exception 'what approval % asks does not change', old.id using errcode = 'check_violation';
  end if;
  if old.status <> 'pending' and ((new.status, new.receipt) is distinct from (old.status, old.receipt)
     or new.closed_reason is distinct from old.closed_reason and new.erased_at is null) then
    raise exception 'approval % is % and stays so', old.id, old.status using errcode = 'check_violation';
  end if;
  if new.stage < old.stage or not old.escalated <@ new.escalated then
    raise exception 'approval % goes on and never back', old.id using errcode = 'check_violation';
  end if;
  if old.used_at is not null and new.used_at is distinct from old.used_at then
    raise exception 'approval % was used already', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger guard_approval before update on approvals
  for each row execute function guard_approval();
