import { z } from 'zod';
import { APPROVAL_DECISIONS, DecideApproval } from '../../core/approval.ts';
import { decideApproval as decide } from '../work/decide-approval.ts';
import { defineTool } from './tool.ts';

export const decideApproval = defineTool({
  name: 'decide_approval',
  description: 'Approve or reject a request for approval that was brought to you. It cannot be taken back.',
  input: z.object({
    approval_id: z.uuid().describe('The id in the request'),
    decision: z.enum(APPROVAL_DECISIONS).describe('approve or reject'),
    comment: DecideApproval.shape.comment.describe('Why, for the one who asked'),
  }),
  async run(deps, { by }, { approval_id, decision, comment }) {
    const approval = await decide(deps, { by, id: approval_id, decision, comment, role: undefined });
    return { approval_id: approval.id, status: approval.status, decision };
  },
});
