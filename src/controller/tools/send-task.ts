import { z } from 'zod';
import { Amount, DEFAULT_PRIORITY, NewTask, TaskType } from '../../core/task.ts';
import { routeTask } from '../work/route-task.ts';
import { defineTool } from './tool.ts';

export const sendTask = defineTool({
  name: 'send_task',
  description:
    'Ask another role of the organisation to do something. After it, end your turn: the answer arrives as your next message.',
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
    amount: Amount.optional().describe('Money at stake, as a plain number, if any'),
  }),
  async run(deps, { by, key }, { role, type = 'request', description, amount }) {
    const task = { target: role, type, description, data: {}, amount, priority: DEFAULT_PRIORITY };
    const sent = await routeTask(deps, { task, by, idempotencyKey: key, traceId: undefined });
    return {
      task_id: sent.id,
      status: sent.status,
      to: sent.target,
      next: 'End your turn now and wait for the answer.',
    };
  },
});
