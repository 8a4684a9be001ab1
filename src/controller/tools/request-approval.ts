import { z } from 'zod';
import { lockOwnWork } from '../work/finish-task.ts';
import { requestApproval as request } from '../work/request-approval.ts';
import { defineTool } from './tool.ts';

export const requestApproval = defineTool({
  name: 'request_approval',
  description:
    'Ask for the approval that the policy of the organisation demands for your present task. The policy names the approvers, not you. After it, end your turn: the decision arrives as your next message.',
  input: z.object({
    reason: z.string().describe('Why it should be approved: facts and figures that the approvers need'),
    amount: z.number().optional().describe('The amount of your task, as a plain number; it must be the same'),
  }),
  async run(deps, { by, key }, { reason, amount }) {
    const { task } = await lockOwnWork(deps.db, by);
    const approval = await request(deps, { by, taskId: task.id, reason, amount, idempotencyKey: key });
    return {
      approval_id: approval.id,
      status: approval.status,
      approvers: approval.required,
      policy: approval.policy,
      next: approval.status === 'pending' ? 'End your turn now and wait for the decision.' : 'Go on.',
    };
  },
});
