-- What the guards tell of calls to models, and the modes that admins have set.

create table guard_calls (
  id             uuid primary key,
  at             timestamptz not null,
  role           text not null,
  agent          text not null,
  session_id     uuid,
  task_id        uuid,
  shape          text not null,
  model          text not null,
  mode           text not null constraint guard_calls_mode_check check (mode in ('auto', 'strict', 'bypass')),
  streamed       boolean not null,
  permitted      boolean not null default false,
  status         integer,
  refused        text,
  masked         jsonb not null default '{}',
  restored       jsonb not null default '{}',
  contained      jsonb not null default '{}',
  tokens_in      bigint,
  tokens_out     bigint,
  cost           double precision,
  overhead_ms    double precision not null default 0,
  first_token_ms double precision,
  duration_ms    double precision
);

comment on table  guard_calls            is 'Calls to models: kinds and counts, never content. Budgets are counted from these rows.';
comment on column guard_calls.at         is 'When the call began.';
comment on column guard_calls.session_id is 'No reference: the row outlives the session, as events do.';
comment on column guard_calls.status     is 'The HTTP status that the agent got; null from the permit of a budget until the report of its end.';
comment on column guard_calls.refused    is 'Why the guard refused the call or, if it was permitted, the answer. Without a permit it was not sent and counts for no budget.';
comment on column guard_calls.permitted  is 'Whether a budget let it pass. From then on it counts, whatever becomes of it.';
comment on column guard_calls.cost       is 'US dollars by the price table of its time; null where that does not know the model.';

create index idx_guard_calls_listing on guard_calls (at, id);
create index idx_guard_calls_agent on guard_calls (agent, at, id);
create index idx_guard_calls_session on guard_calls (session_id, at) where session_id is not null;
-- All that a budget is counted from, so that its rows need not be read.
create index idx_guard_calls_role on guard_calls (role, at) include (refused, permitted, tokens_in, tokens_out, cost);
create index idx_guard_calls_task on guard_calls (task_id) include (refused, permitted, tokens_in, tokens_out, cost)
  where task_id is not null;

create table guard_modes (
  role   text primary key,
  mode   text not null constraint guard_modes_mode_check check (mode in ('auto', 'strict', 'bypass')),
  set_by text not null,
  set_at timestamptz not null default now()
);

comment on table guard_modes is 'Modes that admins have set while the mesh was up; a role without one has that of its profile.';
