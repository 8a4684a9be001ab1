import type { Approval } from '../../core/approval.ts';
import type { Page } from '../../core/page.ts';
import { decodeCursor, toPage } from '../cursor.ts';
import type { Queryable } from '../database.ts';
import { isUnheard } from '../questions.ts';
import { APPROVAL_COLUMNS } from './columns.ts';
import type { OwnedApproval } from './decide.ts';

const GET = { name: 'get_approval', text: `select ${APPROVAL_COLUMNS} from approvals a where a.id = $1` };

export async function getApproval(db: Queryable, id: string): Promise<OwnedApproval | undefined> {
  const [approval] = await db.query<OwnedApproval>(GET, [id]);
  return approval;
}

const FIND = {
  name: 'find_approval_of_task',
  text: `
    select ${APPROVAL_COLUMNS} from approvals a
    where (a.requester = $2 and a.idempotency_key = $3)
       or (a.task_id = $1 and (${isUnheard('a', 'a.session_id')}
           or (a.status = 'approved' and a.used_at is null and a.expires_at > now())))
    order by (a.idempotency_key is not distinct from $3) desc, a.created_at desc
    limit 1`,
};

/**
 * An approval that already serves a request: the same request again, or one of the task that is open, whose decision
 * the session does not know yet, or that is granted and unspent.
 */
export async function findApproval(
  db: Queryable,
  { taskId, requester, key }: { taskId: string; requester: string; key: string | null },
): Promise<Approval | undefined> {
  const [approval] = await db.query<Approval>(FIND, [taskId, requester, key]);
  return approval;
}

const LIST = {
  name: 'list_approvals',
  text: `
    select ${APPROVAL_COLUMNS} from approvals a
    where ($1::text is null or a.status = $1)
      and ($2::uuid is null or a.task_id = $2)
      and ($3::text is null or a.owner = $3 or a.asked && $4::text[])
      and ($5::text is null or a.requester = $5 or a.asked && $4::text[])
      and ($6::timestamptz is null or (a.created_at, a.id) < ($6, $7::uuid))
      and ($8::text is null or (a.open_to && $9::text[] and $8 not in (a.requester, a.owner) and not exists (
            select from approval_decisions d where d.approval_id = a.id and $8 in (d.actor, d.on_behalf_of))))
    order by a.created_at desc, a.id desc
    limit $10`,
};

export interface ListApprovals {
  readonly status?: string | undefined;
  readonly taskId?: string | undefined;
  /** Only what this person owns or may decide. */
  readonly owner?: string | undefined;
  /** Only what this agent asked for or may decide. */
  readonly requester?: string | undefined;
  /** The places in which the reader may have to decide. */
  readonly places: readonly string[];
  /** Only what this actor may decide now, in one of these places. */
  readonly waitingFor?: { readonly actor: string; readonly places: readonly string[] } | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listApprovals(db: Queryable, list: ListApprovals): Promise<Page<Approval>> {
  const cursor = decodeCursor(list.cursor);
  const rows = await db.query<Approval>(LIST, [
    list.status ?? null,
    list.taskId ?? null,
    list.owner ?? null,
    list.places,
    list.requester ?? null,
    cursor?.created_at ?? null,
    cursor?.id ?? null,
    list.waitingFor?.actor ?? null,
    list.waitingFor?.places ?? null,
    list.limit + 1,
  ]);
  return toPage(rows, list.limit);
}

const PENDING_OF_TASK = {
  name: 'list_pending_approvals_of_task',
  text: `select ${APPROVAL_COLUMNS} from approvals a where a.task_id = $1 and a.status = 'pending' for no key update`,
};

/** Locked, since whoever asks is about to withdraw them. */
export function lockPendingApprovals(db: Queryable, taskId: string): Promise<readonly OwnedApproval[]> {
  return db.query<OwnedApproval>(PENDING_OF_TASK, [taskId]);
}

const REVIEWS = {
  name: 'list_reviews_of_approval',
  text: `select id, target from tasks where approval_id = $1 and finished_at is null order by id`,
};

/** The open tasks that ask agents to decide an approval. Not locked: their sessions must be locked before them. */
export function listReviews(
  db: Queryable,
  approvalId: string,
): Promise<readonly { readonly id: string; readonly target: string }[]> {
  return db.query(REVIEWS, [approvalId]);
}

const LOST_REVIEWS = {
  name: 'list_lost_reviews',
  text: `select target from tasks where approval_id = $1 and status in ('failed', 'cancelled')`,
};

/** The roles whose agents gave up on deciding an approval, or were kept from it. */
export async function listLostReviews(db: Queryable, approvalId: string): Promise<readonly string[]> {
  const rows = await db.query<{ target: string }>(LOST_REVIEWS, [approvalId]);
  return rows.map(({ target }) => target);
}
