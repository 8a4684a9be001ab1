import { z } from 'zod';
import { truncate } from '../../core/text.ts';
import { listNotifications } from '../../store/notifications.ts';
import { listInbox as listOpenTasks } from '../../store/tasks/read.ts';
import { defineTool } from './tool.ts';

const DEFAULT_LIMIT = 20;
const EXCERPT = 300;

export const listInbox = defineTool({
  name: 'list_inbox',
  description:
    'Show the open tasks of your role and the latest notifications to it. Tasks are brought to you one by one without this.',
  input: z.object({
    limit: z.number().int().min(1).max(100).optional().describe('How many of each; default 20'),
    after_tasks: z.string().optional().describe('To see more tasks: `more_tasks` of the answer before'),
    after_notifications: z
      .string()
      .optional()
      .describe('To see older notifications: `more_notifications` of the answer before'),
  }),
  async run(deps, { by }, { limit = DEFAULT_LIMIT, after_tasks, after_notifications }) {
    const [role = ''] = by.roles;
    const [tasks, notifications] = await Promise.all([
      listOpenTasks(deps.db, role, { limit, cursor: after_tasks }),
      listNotifications(deps.db, role, { limit, cursor: after_notifications }),
    ]);
    return {
      tasks: tasks.items.map(({ id, type, source, status, description }) => {
        return { task_id: id, type, from: source, status, description: truncate(description, EXCERPT) };
      }),
      ...(tasks.next === null ? {} : { more_tasks: tasks.next }),
      notifications: notifications.items.map(({ source, text, created_at }) => ({
        from: source,
        text,
        at: created_at,
      })),
      ...(notifications.next === null ? {} : { more_notifications: notifications.next }),
    };
  },
});
