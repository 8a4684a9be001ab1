import { createRoute, z } from '@hono/zod-openapi';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { PageQuery, pageOf } from '../../core/page.ts';
import { NewTask, TASK_STATES, Task, TaskHistory, TaskPatch } from '../../core/task.ts';
import { traceIdOf } from '../../core/trace.ts';
import { getTask, listTasks } from '../../store/tasks/read.ts';
import { requireRight } from '../auth/authenticate.ts';
import { seesTask } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, IdParam, SECURED, takes, takesPatch } from '../http/routes.ts';
import { editTask } from '../work/edit-task.ts';
import { cancelTask } from '../work/finish-task.ts';
import { notFound } from '../work/not-found.ts';
import { retryTask } from '../work/retry-task.ts';
import { routeTask } from '../work/route-task.ts';
import { readTaskHistory } from '../work/task-history.ts';

const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible ASCII characters')
  .optional()
  .describe('Unique for each sender: the same key and body give the same task, another body is refused');

const route = createRoute({
  method: 'post',
  path: '/tasks/route',
  summary: 'Send a task to a role',
  security: SECURED,
  middleware: requireRight('tasks:route'),
  request: { headers: z.object({ 'idempotency-key': IdempotencyKey }), ...takes(NewTask) },
  responses: answers(Task, 'The task; the earlier one if the key was used before'),
});

const list = createRoute({
  method: 'get',
  path: '/tasks',
  summary: 'List tasks, newest first',
  security: SECURED,
  middleware: requireRight('tasks:read'),
  request: {
    query: PageQuery.extend({
      target: z.string().optional(),
      status: z.enum(TASK_STATES).optional(),
      trace_id: z.string().optional(),
      dead_letter: z
        .enum(['true', 'false'])
        .optional()
        .describe('true: only those that failed after all their attempts'),
      retried: z.enum(['true', 'false']).optional().describe('false: only those that were not sent anew'),
    }),
  },
  responses: answers(pageOf(Task), 'One page'),
});

const get = createRoute({
  method: 'get',
  path: '/tasks/{id}',
  summary: 'Get a task',
  security: SECURED,
  middleware: requireRight('tasks:read'),
  request: { params: IdParam },
  responses: answers(Task, 'The task'),
});

const history = createRoute({
  method: 'get',
  path: '/tasks/{id}/attempts',
  summary: 'Why a task is where it is: its attempts, and what it waits for',
  security: SECURED,
  middleware: requireRight('tasks:read'),
  request: { params: IdParam },
  responses: answers(TaskHistory, 'Attempts in their order'),
});

const edit = createRoute({
  method: 'patch',
  path: '/tasks/{id}',
  summary: 'Change priority, deadline or parent of an open task',
  security: SECURED,
  middleware: requireRight('tasks:edit'),
  request: { params: IdParam, ...takesPatch(TaskPatch) },
  responses: answers(Task, 'The task after the patch'),
});

const retry = createRoute({
  method: 'post',
  path: '/tasks/{id}/retry',
  summary: 'Send a failed or cancelled task anew',
  security: SECURED,
  middleware: requireRight('tasks:retry'),
  request: { params: IdParam, headers: z.object({ 'idempotency-key': IdempotencyKey }) },
  responses: answers(Task, 'The new task; the earlier one if the key was used before'),
});

const cancel = createRoute({
  method: 'post',
  path: '/tasks/{id}/cancel',
  summary: 'Call a task off',
  security: SECURED,
  middleware: requireRight('tasks:cancel'),
  request: { params: IdParam, ...takes(z.strictObject({ reason: z.string().min(1).max(2000) })) },
  responses: answers(Task, 'The cancelled task'),
});

/** What senders do with tasks. What agents do with them is in work.ts. */
export function taskRoutes(deps: Deps) {
  return createRoutes()
    .openapi(route, async (c) => {
      const task = await routeTask(deps, {
        task: c.req.valid('json'),
        by: c.get('principal'),
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        traceId: traceIdOf(c.req.header('traceparent')),
      });
      return c.json(task, 200);
    })
    .openapi(list, async (c) => {
      const { trace_id: traceId, dead_letter, retried, ...query } = c.req.valid('query');
      const page = await listTasks(deps.db, {
        ...query,
        traceId,
        deadLetter: toFlag(dead_letter),
        retried: toFlag(retried),
        ...scopeOf(c.get('principal')),
      });
      return c.json({ items: [...page.items], next: page.next }, 200);
    })
    .openapi(get, async (c) => {
      return c.json(await findTask(deps, c.get('principal'), c.req.valid('param').id), 200);
    })
    .openapi(history, async (c) => {
      const task = await findTask(deps, c.get('principal'), c.req.valid('param').id);
      return c.json(await readTaskHistory(deps, task), 200);
    })
    .openapi(edit, async (c) => {
      const { id } = c.req.valid('param');
      const patch = c.req.valid('json');
      return c.json(await editTask(deps, { by: c.get('principal'), id, patch }), 200);
    })
    .openapi(retry, async (c) => {
      const task = await retryTask(deps, {
        id: c.req.valid('param').id,
        by: c.get('principal'),
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        traceId: traceIdOf(c.req.header('traceparent')),
      });
      return c.json(task, 200);
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param');
      return c.json(await cancelTask(deps, c.get('principal'), id, c.req.valid('json').reason), 200);
    });
}

/** A task that the caller may see; one that it may not is as if it were not there. */
async function findTask(deps: Deps, by: Principal, id: string): Promise<Task> {
  const task = await getTask(deps.db, id);
  if (task === undefined || !seesTask(by, task)) throw notFound('task', id);
  return task;
}

function scopeOf(by: Principal) {
  if (by.kind === 'admin') return {};
  if (by.kind === 'user') return { owner: by.actor };
  const [role] = by.roles;
  if (role === undefined) throw new MeshError('forbidden', `${by.actor} has no role.`);
  return { visibleTo: { role, actor: by.actor } };
}

const toFlag = (text: 'true' | 'false' | undefined): boolean | undefined =>
  text === undefined ? undefined : text === 'true';
