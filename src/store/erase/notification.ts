import type { Queryable } from '../database.ts';

const ERASE = {
  name: 'erase_notification',
  text: `
    with n as (
      update notifications set erased_at = now(), text = ''
      where id = $1 and erased_at is null and created_at <= now() - make_interval(secs => $2::float8)
      returning *
    )
    insert into events (kind, actor, subject, owner, trace_id, data)
    select 'notification.erased', 'controller', 'notification:' || n.id, t.owner, n.trace_id,
           jsonb_strip_nulls(jsonb_build_object('target', n.target, 'task_id', n.task_id,
             'privileged', nullif(n.privileged, false)))
    from n left join tasks t on t.id = n.task_id`,
};

/** Erases the text of a notification, if it is due. */
export async function eraseNotification(tx: Queryable, id: string, afterSeconds: number): Promise<void> {
  await tx.query(ERASE, [id, afterSeconds]);
}
