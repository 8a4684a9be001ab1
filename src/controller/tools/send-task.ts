import { z } from 'zod';
import { Attachments } from '../../core/attachment.ts';
import {
  Amount,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_PRIORITY,
  DEFAULT_TYPE,
  Deadline,
  NewTask,
  TASK_WAITS,
  TaskType,
} from '../../core/task.ts';
import { routeTask } from '../work/route-task.ts';
import { defineTool } from './tool.ts';

export const sendTask = defineTool({
  name: 'send_task',
  description:
    'Ask another role of the organisation to do something. You may ask several roles in one turn. Then end your turn: the answers arrive as your next message.',
  input: z.object({
    role: NewTask.shape.target.describe(
      'Who shall do it: a role such as legal (list_agents shows them), `my manager` or `owner of <thing>`.',
    ),
    description: NewTask.shape.description.describe(
      'What shall be done, with everything that the other role must know',
    ),
    type: TaskType.optional().describe(
      'Kind of task in lower-case words joined by hyphens; default: request',
    ),
    privileged: z
      .boolean()
      .optional()
      .describe(
        'true for what only cleared roles may read, such as legal advice. What comes from your present task is so anyhow if that is.',
      ),
    amount: Amount.optional().describe('Money at stake, as a plain number, if any'),
    attachments: Attachments.optional().describe(
      'References to documents that it needs: name and uri of each',
    ),
    deadline: Deadline.optional().describe(
      'When it is of no use any more, such as 2026-03-31T17:00:00Z, if ever',
    ),
    wait: z
      .enum(TASK_WAITS)
      .optional()
      .describe(
        'all (default): you are told the answers when everything that you have asked is answered; first: you are told as soon as this is answered',
      ),
  }),
  async run(
    deps,
    { by, key },
    { role, type = DEFAULT_TYPE, wait = 'all', privileged = false, attachments = [], ...rest },
  ) {
    const task = {
      ...rest,
      target: role,
      type,
      wait,
      privileged,
      attachments,
      data: {},
      priority: DEFAULT_PRIORITY,
      max_attempts: DEFAULT_MAX_ATTEMPTS,
    };
    const sent = await routeTask(deps, { task, by, idempotencyKey: key, traceId: undefined });
    return {
      task_id: sent.id,
      status: sent.status,
      to: sent.target,
      next: 'End your turn now and wait for the answer.',
    };
  },
});
