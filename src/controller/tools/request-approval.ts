import { z } from 'zod';
import { NewApproval } from '../../core/approval.ts';
import { isApprovalUnheard } from '../../store/questions.ts';
import { findOwnTask } from '../work/own-session.ts';
import { requestApproval as request } from '../work/request-approval.ts';
import { defineTool } from './tool.ts';

export const requestApproval = defineTool({
  name: 'request_approval',
  description:
    'Ask for the approval that the policy of the organisation demands for your present task. The policy names the approvers, not you. After it, end your turn: the decision arrives as your next message.',
  input: z.object({
    reason: NewApproval.shape.reason.describe(
      'Why it should be approved: facts and figures that the approvers need',
    ),
    amount: z.number().optional().describe('The amount of your task, as a plain number; it must be the same'),
  }),
  async run(deps, { by, key }, { reason, amount }) {
    const taskId = await findOwnTask(deps.db, by);
    const approval = await request(deps, { by, taskId, reason, amount, idempotencyKey: key });
    // A decision that was made meanwhile is told like any other: as a message, never by the way.
    const waits = await isApprovalUnheard(deps.db, approval.id);
    return {
      approval_id: approval.id,
      status: waits ? 'requested' : approval.status,
      approvers: approval.required,
      policy: approval.policy,
      next: waits ? 'End your turn now: the decision arrives as your next message.' : 'Go on.',
    };
  },
});
