import type { Queryable } from '../database.ts';

const ERASE = {
  name: 'erase_session',
  text: `
    with s as (
      update sessions set erased_at = now(), metadata = '{}'
      where id = $1 and erased_at is null and status in ('completed', 'failed', 'expired')
        and last_transition_at <= now() - make_interval(secs => $2::float8)
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'session.erased', 'controller', 'session:' || s.id, s.owner, s.trace_id,
           jsonb_strip_nulls(jsonb_build_object('role', s.role, 'agent', s.agent, 'task_id', s.task_id,
             'privileged', nullif(s.privileged, false)))
    from s
    returning subject`,
};

/** By a statement of its own: the trigger must see that the session is erased. */
const ERASE_REASONS = {
  name: 'erase_reasons',
  text: `
    update session_transitions set reason = null
    where session_id = $1 and reason is not null and actor <> 'controller'`,
};

/**
 * Erases what people kept with an ended session and the reasons that others than the controller gave for
 * its moves, if it is due.
 */
export async function eraseSession(tx: Queryable, id: string, afterSeconds: number): Promise<void> {
  const erased = await tx.query(ERASE, [id, afterSeconds]);
  if (erased.length > 0) await tx.query(ERASE_REASONS, [id]);
}
