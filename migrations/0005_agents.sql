-- Agents and the notifications between them.

create table agents (
  name          text primary key,
  role          text not null,
  status        text not null constraint agents_status_check check (status in ('ready', 'refused', 'stopped', 'gone')),
  reason        text,
  instance      uuid not null,
  goose_version text,
  started_at    timestamptz not null default now(),
  last_seen_at  timestamptz not null default now()
);

comment on table  agents          is 'The agents that have reported to this mesh.';
comment on column agents.instance is 'Changes with every start; leases of an earlier instance are given back.';

comment on column agents.status   is 'gone: retired, not part of the mesh any more, or not seen for long; others may take over its sessions.';

create index idx_agents_role on agents (role);
create index idx_agents_last_seen on agents (last_seen_at) where status <> 'gone';

create table notifications (
  id              uuid primary key default gen_random_uuid(),
  source          text not null,
  target          text not null,
  text            text not null,
  task_id         uuid references tasks on delete set null,
  privileged      boolean not null,
  idempotency_key text not null,
  trace_id        text not null,
  created_at      timestamptz not null default now(),
  erased_at       timestamptz constraint notifications_erased_check check (erased_at is null or text = ''),
  unique (source, idempotency_key)
);

comment on table notifications is 'Messages to a role that need no answer; list_inbox shows them.';

comment on column notifications.privileged is 'Whether the task or session from which it was sent is.';
comment on column notifications.erased_at is 'When its text was erased, as the profiles of its source and its target say.';

-- No statistics of content: they are samples of its values, and would outlive what is erased.
alter table notifications alter column text set statistics 0;

create index idx_notifications_target on notifications (target, created_at, id) where erased_at is null;
create index idx_notifications_privileged on notifications (trace_id) where privileged and erased_at is null;
create index idx_notifications_task on notifications (task_id) where erased_at is null;
