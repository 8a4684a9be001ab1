/** The columns of a session as the API shows them; `s` is the alias of the table. */
export const SESSION_COLUMNS = `
  s.id, s.role, s.agent, s.earlier_agents, s.owner, s.task_id, s.conversation, s.status, s.version, s.revision,
  s.fsm_metadata, s.metadata, s.privileged, s.trace_id, s.created_at, s.last_transition_at, s.paused_at, s.completed_at, s.failed_at,
  s.erased_at`;

/** What events of a session of privileged work say beside the rest; `s` is the alias of the table. */
export const IF_PRIVILEGED = `case when s.privileged then '{"privileged": true}'::jsonb else '{}' end`;

/** What the event of a new session says of it; `s` is the alias of the table. */
export const CREATED = `jsonb_build_object('role', s.role, 'agent', s.agent, 'task_id', s.task_id) || ${IF_PRIVILEGED}`;
