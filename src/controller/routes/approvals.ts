import { createRoute, z } from '@hono/zod-openapi';
import { APPROVAL_STATES, Approval, DecideApproval, NewApproval } from '../../core/approval.ts';
import { PageQuery, pageOf } from '../../core/page.ts';
import { getApproval, listApprovals } from '../../store/approvals/read.ts';
import { readNow } from '../../store/now.ts';
import { requireRight } from '../auth/authenticate.ts';
import { seesApproval } from '../auth/visibility.ts';
import type { Deps } from '../deps.ts';
import { answers, createRoutes, IdParam, SECURED, takes } from '../http/routes.ts';
import { decideApproval } from '../work/decide-approval.ts';
import { notFound } from '../work/not-found.ts';
import { requestApproval } from '../work/request-approval.ts';
import { placesEver, placesNow } from '../work/seats.ts';

const request = createRoute({
  method: 'post',
  path: '/approvals',
  summary: "Ask for the approval that policy demands for the caller's task",
  security: SECURED,
  middleware: requireRight('approvals:request'),
  request: takes(NewApproval),
  responses: answers(Approval, 'The request; the earlier one if it is still open'),
});

const list = createRoute({
  method: 'get',
  path: '/approvals',
  summary: 'List approvals, newest first',
  security: SECURED,
  middleware: requireRight('approvals:read'),
  request: {
    query: PageQuery.extend({
      status: z.enum(APPROVAL_STATES).optional(),
      task_id: z.uuid().optional(),
      mine: z.stringbool().optional().describe('Only what the caller may decide now'),
    }),
  },
  responses: answers(pageOf(Approval), 'One page'),
});

const get = createRoute({
  method: 'get',
  path: '/approvals/{id}',
  summary: 'Get an approval with its decisions and receipt',
  security: SECURED,
  middleware: requireRight('approvals:read'),
  request: { params: IdParam },
  responses: answers(Approval, 'The approval'),
});

const decide = createRoute({
  method: 'post',
  path: '/approvals/{id}/decisions',
  summary: 'Approve or reject',
  security: SECURED,
  middleware: requireRight('approvals:decide'),
  request: { params: IdParam, ...takes(DecideApproval) },
  responses: answers(Approval, 'The approval after the decision'),
});

export function approvalRoutes(deps: Deps) {
  return createRoutes()
    .openapi(request, async (c) => {
      const { task_id: taskId, reason, amount } = c.req.valid('json');
      const by = c.get('principal');
      return c.json(
        await requestApproval(deps, { by, taskId, reason, amount, idempotencyKey: undefined }),
        200,
      );
    })
    .openapi(list, async (c) => {
      const by = c.get('principal');
      const { task_id: taskId, mine = false, ...query } = c.req.valid('query');
      const scope =
        by.kind === 'agent' ? { requester: by.actor } : by.kind === 'user' ? { owner: by.actor } : {};
      const waitingFor = mine
        ? { actor: by.actor, places: placesNow(deps, by, await readNow(deps.db)) }
        : undefined;
      const places = placesEver(deps, by);
      const page = await listApprovals(deps.db, { ...query, taskId, ...scope, places, waitingFor });
      return c.json({ items: [...page.items], next: page.next }, 200);
    })
    .openapi(get, async (c) => {
      const { id } = c.req.valid('param');
      const approval = await getApproval(deps.db, id);
      if (approval === undefined || !seesApproval(deps, c.get('principal'), approval))
        throw notFound('approval', id);
      return c.json(approval, 200);
    })
    .openapi(decide, async (c) => {
      const { id } = c.req.valid('param');
      const { decision, comment, role } = c.req.valid('json');
      return c.json(await decideApproval(deps, { by: c.get('principal'), id, decision, comment, role }), 200);
    });
}
