import { z } from 'zod';
import { Attachments } from '../../core/attachment.ts';
import { JsonObject } from '../../core/json.ts';
import { CompleteTask, TASK_OUTCOMES } from '../../core/task.ts';
import { completeOwnTask } from '../work/finish-task.ts';
import { defineTool } from './tool.ts';

/** What JSON-RPC has brought is JSON. */
const parseData = (data: object) => JsonObject.parse(data);

export const completeTask = defineTool({
  name: 'complete_task',
  description:
    'End your present task with its result, or answer a question that you were asked back. An outcome that needs an approval is refused until there is one.',
  input: z.object({
    outcome: z
      .enum(TASK_OUTCOMES)
      .describe('done: the work is done; approved: what was asked for is granted; declined: it is not'),
    summary: CompleteTask.shape.text.describe('The result, for the one who asked'),
    data: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Facts of the result by name, where the task asks for them'),
    attachments: Attachments.optional().describe('References to documents: name and uri of each'),
    task_id: z
      .uuid()
      .optional()
      .describe('The id of the question that this answers; by default it ends your own task'),
  }),
  async run(deps, { by }, { outcome, summary, task_id, data = {}, attachments }) {
    const task = await completeOwnTask(deps, by, {
      task_id,
      outcome,
      text: summary,
      data: parseData(data),
      attachments,
    });
    return { task_id: task.id, status: task.status, outcome: task.outcome };
  },
});
