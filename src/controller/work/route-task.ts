import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { requireResultSchema } from '../../core/result-schema.ts';
import type { Session } from '../../core/session.ts';
import { APPROVAL_REVIEW, type NewTask, type Task } from '../../core/task.ts';
import { newTraceId } from '../../core/trace.ts';
import type { Queryable } from '../../store/database.ts';
import { type CreateTask, createTask, createTogether, findTwin } from '../../store/tasks/create.ts';
import { listWayUp } from '../../store/tasks/read.ts';
import type { Deps } from '../deps.ts';
import { type Address, findAddress } from './address.ts';
import { hideForLog } from './data-rules.ts';
import { findDemand } from './demand.ts';
import { digestOf } from './digest.ts';
import { requireDiscretion } from './discretion.ts';
import { findEarlier } from './earlier-task.ts';
import { requireTool } from './profiles.ts';
import { recordRefusal } from './refuse.ts';
import { requireRoute } from './targets.ts';
import { openThread } from './thread.ts';
import { drawVeil, hideInAttachments, originOf } from './veil.ts';
import { wakeSession } from './waiting.ts';

export interface RouteTask {
  readonly task: NewTask;
  readonly by: Principal;
  readonly idempotencyKey: string | undefined;
  readonly traceId: string | undefined;
}

/**
 * Stores a task for a role, once for each idempotency key of its sender. A task that a session sends belongs to
 * the session's own task, or to the follow-up question that it is answering: same owner, same trace, and the session
 * waits for its answer. Who is asked back by whom it waits for answers in its same conversation, unless policy wants an
 * approval for what is asked.
 *
 * @throws MeshError unknown_role, forbidden, idempotency_conflict, invalid_request, lease_lost
 */
export function routeTask(deps: Deps, request: RouteTask): Promise<Task> {
  const { by, task } = request;
  const attempt = { kind: 'task.refused', by, subject: `role:${task.target}` } as const;
  return recordRefusal(deps, attempt, async () => {
    requireTool(deps, by, 'send_task');
    requirePlainType(task.type);
    if (task.result_schema !== undefined) requireResultSchema(task.result_schema);
    const address = await findAddress(deps, by, task.target);
    requireRoute(deps, by, { target: address.role, type: task.type });
    // What no session sends takes a single statement, which is a transaction by itself and may go with others.
    if (by.sessionId === undefined) return storeTask(deps, deps.db, request, address);
    return deps.db.transaction((tx) => storeTask(deps, tx, request, address));
  });
}

async function storeTask(
  deps: Deps,
  tx: Queryable,
  request: RouteTask,
  { role, through }: Address,
): Promise<Task> {
  const { by, task, idempotencyKey, traceId } = request;
  const { sessionId } = by;
  const thread = sessionId === undefined ? undefined : await openThread(tx, by, { sessionId, role });
  const session = thread?.session;
  const requestHash = digestOf(deps, task);
  if (session !== undefined) {
    const twin = await findTwin(tx, session.id, requestHash);
    if (twin !== undefined) return twin;
  }
  if (thread?.parentId != null) await requireShallow(tx, thread.parentId, role);
  const origin = originOf(session);
  const veil = await drawVeil(deps, tx, [role], origin);
  requireDiscretion(deps, task, { role, veil, fromPrivileged: origin?.privileged === true });
  const facts = {
    type: task.type,
    source: by.actor,
    owner: session?.owner ?? by.actor,
    target: role,
    data: veil.hideJson(task.data),
    ...moneyOf(deps, task),
    priority: thread?.priority ?? task.priority,
  };
  // Only a session of its own can ask for an approval.
  const isQuestion = findDemand(deps, facts) === undefined;
  const wanted: CreateTask = {
    ...facts,
    source_session_id: session?.id ?? null,
    asked_session_id: isQuestion ? (thread?.askedSessionId ?? null) : null,
    addressed_as: through?.as ?? null,
    person: through?.person ?? null,
    description: veil.hide(task.description),
    attachments: hideInAttachments(veil, task.attachments),
    result_schema: task.result_schema === undefined ? null : veil.hideJson(task.result_schema),
    wait: task.wait,
    deadline: task.deadline,
    max_attempts: task.max_attempts,
    privileged: task.privileged || origin?.privileged === true,
    parent_id: thread?.parentId ?? null,
    approval_id: null,
    trace_id: session?.trace_id ?? traceId ?? newTraceId(),
    idempotency_key: scopedKey(session, idempotencyKey),
    request_hash: requestHash,
  };
  const created = await (session === undefined ? createTogether(deps.db, wanted) : createTask(tx, wanted));
  if (created === undefined)
    return findEarlier(tx, by, { key: scopedKey(session, idempotencyKey), requestHash });
  if (created.asked_session_id !== null)
    await wakeSession(tx, created.asked_session_id, `task ${created.id} asks back`);
  return created;
}

/** How often work may be handed on. The longest story that we know, from HR over finance to the manager and back, takes four. */
const MOST_HAND_OVERS = 8;

/** Agents that hand the same work to each other for ever are stopped, with the way that it has taken. */
async function requireShallow(tx: Queryable, parentId: string, target: string): Promise<void> {
  const roles = (await listWayUp(tx, parentId)).map((task) => task.target).toReversed();
  if (roles.length <= MOST_HAND_OVERS) return;
  throw new MeshError(
    'forbidden',
    `This work was handed on ${MOST_HAND_OVERS} times already: ${[...roles, target].join(' → ')}.`,
    { hint: 'End the task with what is known, or with an outcome of declined.' },
  );
}

/**
 * The type is written to the log as it is, so it may not be the place for an identity number. Reviews come from the
 * controller alone: the approval policy passes over them.
 */
function requirePlainType(type: string): void {
  if (type === APPROVAL_REVIEW) {
    throw new MeshError('forbidden', `Nobody may send an ${APPROVAL_REVIEW}: the controller sends it.`, {
      hint: 'Ask with request_approval.',
    });
  }
  if (hideForLog(type) === type) return;
  throw new MeshError(
    'invalid_request',
    'The type of a task names its kind, but this one holds personal data.',
  );
}

/** Goose's ids of tool calls are unique only within one conversation. */
function scopedKey(session: Session | undefined, key: string | undefined): string | null {
  if (key === undefined) return null;
  return session === undefined ? key : `${session.id}/${key}`;
}

function moneyOf(deps: Deps, { amount, currency }: NewTask) {
  const wanted = deps.config.approvals.currency;
  if (currency !== undefined && currency !== wanted) {
    throw new MeshError('invalid_request', `Expected an amount in ${wanted}, found ${currency}.`, {
      hint: `The approval policy of this mesh speaks of ${wanted}; convert the amount.`,
    });
  }
  return { amount: amount ?? null, currency: amount === undefined ? null : wanted };
}
