import { z } from 'zod';
import { CompleteTask, TASK_OUTCOMES } from '../../core/task.ts';
import { completeOwnTask } from '../work/finish-task.ts';
import { defineTool } from './tool.ts';

export const completeTask = defineTool({
  name: 'complete_task',
  description:
    'End your present task with its result, or answer a question that you were asked back. An outcome that needs an approval is refused until there is one.',
  input: z.object({
    outcome: z
      .enum(TASK_OUTCOMES)
      .describe('done: the work is done; approved: what was asked for is granted; declined: it is not'),
    summary: CompleteTask.shape.text.describe('The result, for the one who asked'),
    task_id: z
      .uuid()
      .optional()
      .describe('The id of the question that this answers; by default it ends your own task'),
  }),
  async run(deps, { by }, { outcome, summary, task_id }) {
    const task = await completeOwnTask(deps, by, { task_id, outcome, text: summary, data: {} });
    return { task_id: task.id, status: task.status, outcome: task.outcome };
  },
});
