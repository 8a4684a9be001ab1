import type { Notification } from '../core/notification.ts';
import type { Page, PageQuery } from '../core/page.ts';
import { decodeCursor, toPage } from './cursor.ts';
import type { Queryable } from './database.ts';

export interface CreateNotification {
  readonly source: string;
  readonly target: string;
  readonly text: string;
  readonly task_id: string | null;
  /** That from a privileged task is in any case. */
  readonly privileged: boolean;
  readonly idempotency_key: string;
  readonly trace_id: string;
  readonly owner: string;
}

const COLUMNS = 'n.id, n.source, n.target, n.text, n.task_id, n.privileged, n.trace_id, n.created_at';

const CREATE = {
  name: 'create_notification',
  text: `
    with n as (
      insert into notifications (source, target, text, task_id, privileged, idempotency_key, trace_id)
      values ($1, $2, $3, $4, $8 or coalesce((select t.privileged from tasks t where t.id = $4), false), $5, $6)
      on conflict (source, idempotency_key) do nothing
      returning *
    ), log as (
      insert into events (kind, actor, subject, owner, trace_id, data)
      select 'notification.sent', n.source, 'notification:' || n.id, $7, n.trace_id,
             jsonb_strip_nulls(jsonb_build_object('target', n.target, 'task_id', n.task_id,
               'privileged', nullif(n.privileged, false)))
      from n
    )
    select ${COLUMNS} from n`,
};

/** Undefined: the source sent it before under the same key. */
export async function createNotification(
  db: Queryable,
  notification: CreateNotification,
): Promise<Notification | undefined> {
  const [created] = await db.query<Notification>(CREATE, [
    notification.source,
    notification.target,
    notification.text,
    notification.task_id,
    notification.idempotency_key,
    notification.trace_id,
    notification.owner,
    notification.privileged,
  ]);
  return created;
}

const LIST = {
  name: 'list_notifications',
  text: `
    select ${COLUMNS} from notifications n
    where n.target = $1 and n.erased_at is null
      and ($2::timestamptz is null or (n.created_at, n.id) < ($2, $3::uuid))
    order by n.created_at desc, n.id desc
    limit $4`,
};

/** Those that are not erased, newest first. Plan: a backward scan of idx_notifications_target that stops after `limit` rows. */
export async function listNotifications(
  db: Queryable,
  target: string,
  page: PageQuery,
): Promise<Page<Notification>> {
  const cursor = decodeCursor(page.cursor);
  const before = [cursor?.created_at ?? null, cursor?.id ?? null];
  return toPage(await db.query<Notification>(LIST, [target, ...before, page.limit + 1]), page.limit);
}
