import type { Queryable } from '../database.ts';
import { onlyRow } from '../rows.ts';

/** How long the content of a role's work is kept after its end. Roles that are not named keep theirs. */
export interface RetentionRule {
  readonly role: string;
  readonly contentSeconds: number;
  /** For what nobody is known to have read yet: results that no session waits for, and notifications. */
  readonly unreadSeconds: number;
}

/** Something whose content can be erased: of a task first most of it, later the rest that was still to be read. */
export interface Erasable {
  readonly what: 'task' | 'rest' | 'session' | 'notification';
  readonly id: string;
  /** Of the role's rule; null for a rest, which says itself how long it is kept. */
  readonly role: string | null;
}

/** $1 to $3 of the statements below. */
function toParameters(rules: readonly RetentionRule[]): readonly unknown[] {
  return [
    rules.map(({ role }) => role),
    rules.map(({ contentSeconds }) => contentSeconds),
    rules.map(({ unreadSeconds }) => unreadSeconds),
  ];
}

const RULES = 'unnest($1::text[], $2::float8[], $3::float8[]) as r(role, content, unread)';

/**
 * SQL: true for a task whose content nobody needs any more: the session that asked was told the answer, has ended, or there
 * was none. A privileged session must have ended: until then it may repeat what it knows, and only from here is known
 * what to hide in that.
 */
export const MAY_GO = `not exists (
      select 1 from sessions knowing
      where knowing.id in (t.source_session_id, t.asked_session_id) and knowing.status in ('pending', 'active', 'paused')
        and (knowing.privileged or knowing.id = t.source_session_id and t.told_at is null))`;

/** SQL: true for an ended session whose questions to other conversations may go with it. */
export const MAY_GO_WITH_QUESTIONS = `not exists (
      select 1 from tasks q join sessions asked on asked.id = q.asked_session_id
      where q.source_session_id = t.id and asked.privileged and asked.status in ('pending', 'active', 'paused'))`;

/** Of every kind those rows that are still to be erased, as [what, SQL of the rows, SQL of the time when they are due]. */
const PENDING = [
  [
    'task',
    `tasks t where t.target = r.role and t.finished_at is not null and t.erased_at is null and ${MAY_GO}`,
    't.finished_at',
    'make_interval(secs => r.content)',
  ],
  [
    'session',
    `sessions t where t.role = r.role and t.erased_at is null and t.status in ('completed', 'failed', 'expired')
        and ${MAY_GO_WITH_QUESTIONS}`,
    't.last_transition_at',
    'make_interval(secs => r.content)',
  ],
  [
    'notification',
    'notifications t where t.target = r.role and t.erased_at is null',
    't.created_at',
    'make_interval(secs => greatest(r.content, r.unread))',
  ],
] as const;

/** Plan: for each role that has a rule the first rows of an index that holds what is not erased in the order of its time. */
const LIST = {
  name: 'list_erasable',
  text: `
    (select 'rest' as what, t.id, null as role from tasks t where t.kept_until <= now() order by t.kept_until limit $4)
    ${PENDING.map(
      ([what, rows, time, wait]) => `union all
    (select '${what}', due.id, r.role from ${RULES} cross join lateral (
      select t.id from ${rows} and ${time} <= now() - ${wait} order by ${time} limit $4) due limit $4)`,
    ).join('\n    ')}`,
};

/** What is due to be erased, at most `limit` of each kind. */
export function listErasable(
  db: Queryable,
  rules: readonly RetentionRule[],
  limit: number,
): Promise<readonly Erasable[]> {
  return db.query<Erasable>(LIST, [...toParameters(rules), limit]);
}

const NEXT = {
  name: 'next_erasure',
  text: `
    select (extract(epoch from least(
      (select min(t.kept_until) from tasks t where t.kept_until is not null),
      ${PENDING.map(
        ([, rows, time, wait]) => `(select min(first.at + ${wait}) from ${RULES} cross join lateral (
        select ${time} as at from ${rows} order by ${time} limit 1) first)`,
      ).join(',\n      ')}
    ) - now()) * 1000)::float8 as in_ms`,
};

/** Milliseconds until something is due to be erased; undefined while nothing is. */
export async function readNextErasure(
  db: Queryable,
  rules: readonly RetentionRule[],
): Promise<number | undefined> {
  return onlyRow(await db.query<{ in_ms: number | null }>(NEXT, toParameters(rules))).in_ms ?? undefined;
}
